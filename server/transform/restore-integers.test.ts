import { expect, it } from 'vitest'
import { restoreIntegers } from './restore-integers'

const BIG = 9007199254740993n
const TEXT = String(BIG)

it.each([
  ['a number', TEXT, BIG, BIG],
  ['one in a list, and in a list under another name', { ids: [TEXT, 7] }, { rows: [{ id: BIG }] }, { ids: [BIG, 7] }],
  ['a text', { id: TEXT }, { id: TEXT }, { id: TEXT }],
  ['a text and another number', { id: TEXT }, { id: TEXT, n: -BIG }, { id: TEXT }],
  ['both, each under its own key', { id: TEXT, s: TEXT }, { id: BIG, s: TEXT }, { id: BIG, s: TEXT }],
  ['both, under a key of neither', { x: TEXT }, { id: BIG, s: TEXT }, { x: TEXT }],
  ['both under one key', [{ id: TEXT }], [{ id: BIG }, { id: TEXT }], [{ id: TEXT }]],
  ['a part of a text', `x${TEXT}`, { id: BIG }, `x${TEXT}`],
])('gives back what was %s in the input', (_what, result, input, expected) => {
  expect(restoreIntegers(result, input)).toEqual(expected)
})

it('keeps a key that would be a prototype', () => {
  const result: unknown = JSON.parse(`{"__proto__": "${TEXT}"}`)
  expect(Object.entries(restoreIntegers(result, { id: BIG }) as object)).toEqual([['__proto__', BIG]])
})
