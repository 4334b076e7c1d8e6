import { expect, test } from 'vitest'
import { createRedactor } from './redact'
import { secretParts } from './secret-parts'

test('a text is a secret as a whole, and so is JSON that is no object', () => {
  expect(secretParts('top secret')).toEqual(['top secret'])
  expect(secretParts('"top secret"')).toEqual(['"top secret"'])
  expect(secretParts('[not json')).toEqual(['[not json'])
})

test('the texts inside of a JSON object are secrets too, but not what says only where, who and how', () => {
  const key = {
    type: 'service_account',
    client_email: 'robot@project.example',
    private_key: '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n',
    token_uri: 'https://oauth2.example/token',
    inner: [{ pass: 'abcd', mode: 'fast', pin: 12_345_678, note: null, key: 'abc' }, 'in a list'],
  }
  const json = JSON.stringify(key)
  expect(secretParts(json)).toEqual([json, key.client_email, key.private_key, 'abcd', '12345678', 'in a list'])
})

test('of a stored credential it is what its type keeps secret', () => {
  const json = '{"type": "basic", "username": "administrator", "password": "hunter"}'
  expect(secretParts(json)).toEqual([json, 'hunter'])
  const redactor = createRedactor([json])
  expect(redactor.text('administrator: hunter')).toBe('administrator: •••')
  expect(redactor.text(`Basic ${btoa('administrator:hunter')}`)).not.toContain('aHVudGVy'.slice(1, -1))
})
