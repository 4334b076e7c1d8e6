import { expect, it } from 'vitest'
import { bindMessage } from './query-at-once'

it('writes Bind byte by byte as the protocol says', () => {
  expect(bindMessage('s', ['é', null, '']).toString('latin1')).toBe(
    [
      'B\0\0\0\x1b', // its length without the letter
      '\0s\0', // the unnamed portal, the statement
      '\0\0', // all parameters are text
      '\0\x03',
      '\0\0\0\x02Ã©',
      '\xff\xff\xff\xff',
      '\0\0\0\0',
      '\0\0', // all columns are text
    ].join(''),
  )
})
