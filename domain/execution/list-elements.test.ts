import { expect, it } from 'vitest'
import { labelOf } from './view-context'
import { listElements } from './list-elements'

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

it('lists elements as they are, and says when it is only the first of them', () => {
  const few = [1, 'two', { name: 'three', deep: [{ a: null }] }, null]
  expect(listElements(few)).toEqual({ listed: few, note: null })
  const many = Array.from({ length: 150 }, (_, id) => ({ id }))
  expect(listElements(many)).toEqual({ listed: many.slice(0, 100), note: 'the first 100 of 150 elements' })
})

it('shortens an element of megabytes, and keeps what it is called', () => {
  const huge = { body: 'x'.repeat(5_000_000), rows: Array.from({ length: 100_000 }, () => 'row'), name: 'first' }
  const { listed, note } = listElements([huge, { name: 'second' }])
  expect(note).toBe('large elements are shortened')
  expect(listed.map(labelOf)).toEqual(['first', 'second'])
  expect(listed[0]).toMatchObject({
    body: `${'x'.repeat(200)}…`,
    rows: [...Array.from({ length: 10 }, () => 'row'), '…'],
  })
  expect(bytesOf(listed)).toBeLessThan(2_000)
})

it.each([
  ['texts of three bytes a character', Array.from({ length: 300 }, () => '頁'.repeat(3_000))],
  ['texts that are escaped', Array.from({ length: 300 }, () => '\u0001'.repeat(3_000))],
  ['lists inside lists', Array.from({ length: 300 }, () => nested(6))],
  ['objects of many members', [Object.fromEntries(Array.from({ length: 200_000 }, (_, at) => [`key ${at}`, at]))]],
  ['names of members', [{ ['k'.repeat(1_000_000)]: 1 }]],
  ['halves of characters', ['😀'.repeat(100_000), `a${'😀'.repeat(100_000)}`]],
])('lists some, and no more than an event holds, of %s', (_what, elements) => {
  const { listed } = listElements(elements)
  expect(listed.length).toBeGreaterThan(0)
  expect(bytesOf(listed)).toBeLessThan(40 * 1024)
  expect(JSON.stringify(listed)).not.toMatch(/\\ud[89a-f]/)
})

it('looks no further into a large element than it shows', () => {
  let reads = 0
  const large = new Proxy(
    Array.from({ length: 100_000 }, (_, at) => at),
    { get: (target, key) => ((reads += 1), Reflect.get(target, key)) },
  )
  expect(listElements([large]).listed).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, '…']])
  expect(reads).toBeLessThan(5_000)
})

function nested(depth: number): unknown {
  return depth === 0 ? 'leaf' : Array.from({ length: 8 }, () => nested(depth - 1))
}
