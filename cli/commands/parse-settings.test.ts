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

test('keeps integers beyond 2^53 digit for digit, and refuses numbers beyond all doubles', () => {
  expect(parseSettings(['id=18446744073709551616', 'in={"list":[-9007199254740993, 1]}'])).toEqual({
    id: '18446744073709551616',
    in: { list: ['-9007199254740993', 1] },
  })
  expect(() => parseSettings(['a.b=[1e400]'])).toThrow('--set a.b: 0: this number is too large to be kept')
})

test('refuses a setting without a key', () => {
  expect(() => parseSettings(['=1'])).toThrow('--set =1 is not of the form key=value.')
})
