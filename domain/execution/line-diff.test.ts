import { expect, it } from 'vitest'
import { lineDiff } from './line-diff'

it('gives the lines that differ, with the lines around them', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\n'
  expect(lineDiff(before, before.replace('e\n', 'E\n'))).toEqual([
    null,
    { kind: 'same', lines: ['c', 'd'] },
    { kind: 'removed', lines: ['e'] },
    { kind: 'added', lines: ['E'] },
    { kind: 'same', lines: ['f', 'g'] },
    null,
  ])
})

it('gives nothing for the same text, whatever ends its lines', () => {
  expect(lineDiff('a\nb\n', 'a\nb\n')).toEqual([])
  expect(lineDiff('a\r\nb\r\n', 'a\nb\n')).toEqual([])
})

it('leaves out nothing where there is little', () => {
  expect(lineDiff('a\nb\n', 'a\nb\nc\n')).toEqual([
    { kind: 'same', lines: ['a', 'b'] },
    { kind: 'added', lines: ['c'] },
  ])
})
