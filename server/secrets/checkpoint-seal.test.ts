import { afterAll, beforeAll, expect, test } from 'vitest'
import { setVariables } from '../env'
import { openCheckpoint, sealCheckpoint } from './checkpoint-seal'
import { decrypt, encrypt } from './encryption'
import { createRedactor } from './redact'

beforeAll(() => setVariables({ PAGETURNER_SECRET_KEY: 'a key for these tests' }))
afterAll(() => setVariables({ PAGETURNER_SECRET_KEY: '', PAGETURNER_SECRET_KEY_OLD: '' }))

test('a next URL that holds a secret is stored encrypted and comes back whole', () => {
  const checkpoint = { next: { url: 'https://api.example.org/items?key=top%20secret&page=3' } }
  const stored = sealCheckpoint(checkpoint, createRedactor(['top secret']))
  expect(JSON.stringify(stored)).not.toContain('secret&')
  expect(Object.keys(stored)).toEqual(['sealed'])
  expect(openCheckpoint(stored)).toEqual(checkpoint)
})

test('a warning that quotes the beginning of a secret is stored encrypted as well', () => {
  const checkpoint = { warnings: ['page 1 has data and an error: top sec…'] }
  expect(Object.keys(sealCheckpoint(checkpoint, createRedactor(['top secret'])))).toEqual(['sealed'])
})

test('the tokens that a next URL may hold go along with it, for another process to mask', () => {
  const checkpoint = { next: { url: 'https://api.example.org/items?access_token=t0ken-of-A&page=3' } }
  const stored = sealCheckpoint(checkpoint, createRedactor(['t0ken-of-A']), ['t0ken-of-A'])
  const told: string[] = []
  expect(openCheckpoint(stored, (token) => told.push(token))).toEqual(checkpoint)
  expect(told).toEqual(['t0ken-of-A'])
})

test('a checkpoint without a secret is stored as it is', () => {
  const checkpoint = { next: { page: 3 } }
  expect(sealCheckpoint(checkpoint, createRedactor(['top secret']))).toEqual(checkpoint)
  expect(openCheckpoint(checkpoint)).toEqual(checkpoint)
})

test('what was encrypted under the old key opens while that key is still given, and not after', () => {
  const encrypted = encrypt('value', 'row 1')
  setVariables({ PAGETURNER_SECRET_KEY: 'the next key, longer', PAGETURNER_SECRET_KEY_OLD: 'a key for these tests' })
  expect(decrypt(encrypted, 'row 1')).toBe('value')
  expect(encrypt('value', 'row 1').keyId).not.toBe(encrypted.keyId)
  setVariables({ PAGETURNER_SECRET_KEY_OLD: '' })
  expect(() => decrypt(encrypted, 'row 1')).toThrow('encrypted with another key')
})

test('what was changed, cut short or moved to another row does not open', () => {
  const encrypted = encrypt('value', 'row 1')
  expect(() => decrypt(encrypted, 'row 2')).toThrow('changed or moved')
  expect(() => decrypt({ ...encrypted, ciphertext: encrypted.ciphertext.subarray(0, 8) }, 'row 1')).toThrow(
    'changed or moved',
  )
  const flipped = Buffer.from(encrypted.ciphertext)
  flipped.writeUInt8(flipped.readUInt8(0) ^ 1, 0)
  expect(() => decrypt({ ...encrypted, ciphertext: flipped }, 'row 1')).toThrow('changed or moved')
})
