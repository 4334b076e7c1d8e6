import { expect, test } from 'vitest'
import { cutText, firstWords } from './cut-text'

test('a cut leaves its mark, and what is whole has none', () => {
  expect(cutText('abcdef', 3)).toBe('abc…')
  expect(cutText('abc', 3)).toBe('abc')
})

test('the first words stand on one line, and blanks that hid the end of the text leave the mark of a cut', () => {
  expect(firstWords(' a\n\t b ', 10)).toBe('a b')
  expect(firstWords(`${' '.repeat(15)}secret`, 10)).toBe('secre…')
  expect(firstWords('0123456789abc', 10)).toBe('0123456789…')
})
