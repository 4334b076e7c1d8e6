import { expect, test } from 'vitest'

import { parseSettings } from './parse-settings'

test('takes JSON as values, and everything else as text', () => {
  expect(parseSettings(['a=1', 'b=one=two', 'c=[{"x":true}]', 'd='])).toEqual({
    a: 1,
    b: 'one=two',
    c: [{ x: true }],
    d: '',
  })
})

test('sets keys inside keys', () => {
  expect(parseSettings(['server.url=http://x', 'server.port=80'])).toEqual({ server: { url: 'http://x', port: 80 } })
})

test('refuses a setting without a key', () => {
  expect(() => parseSettings(['=1'])).toThrow('--set =1 is not of the form key=value.')
})
