import { describe, expect, it } from 'vitest'
import { atOnce } from '../in-turns'
import type { Json } from '../json'
import type { Loop } from '../playbook/playbook'
import { analyseCollection } from './analyse-collection'

const loop = (fields: Partial<Loop>): Loop => ({
  collection: '{{ workload.list }}',
  element: 'item',
  mode: 'sequential',
  concurrency: 1,
  chunkSize: null,
  where: null,
  orderBy: null,
  limit: null,
  onFailure: 'fail',
  ...fields,
})

const analyse = (list: Json, fields: Partial<Loop> = {}) =>
  atOnce(analyseCollection('fetch', loop(fields), { workload: { list } }))

describe('analyseCollection', () => {
  it('keeps the collection as it comes', () => {
    expect(analyse([3, 1, 2])).toEqual({ totalCount: 3, elements: [3, 1, 2], concurrency: 1 })
  })

  it('filters, then sorts, then cuts', () => {
    const list = [{ n: 1 }, { n: 5 }, { n: 3 }, { n: 4 }]
    const { totalCount, elements } = analyse(list, {
      where: '{{ item.n > 1 }}',
      orderBy: { expression: '{{ item.n }}', descending: true },
      limit: 2,
    })
    expect(totalCount).toBe(4)
    expect(elements).toEqual([{ n: 5 }, { n: 4 }])
  })

  it('sorts numbers by size and puts what has none last', () => {
    const { elements } = analyse([10, null, 9, 1], { orderBy: { expression: '{{ item }}', descending: false } })
    expect(elements).toEqual([1, 9, 10, null])
  })

  it('iterates the entries of an object', () => {
    expect(analyse({ a: 1, b: 2 }).elements).toEqual([
      { key: 'a', value: 1 },
      { key: 'b', value: 2 },
    ])
  })

  it('batches when chunked', () => {
    expect(analyse([1, 2, 3, 4, 5], { mode: 'chunked', chunkSize: 2 }).elements).toEqual([[1, 2], [3, 4], [5]])
  })

  it('reads the concurrency of an async loop from a template', () => {
    expect(analyse([1], { mode: 'async', concurrency: '{{ 2 + 3 }}' }).concurrency).toBe(5)
  })

  it('accepts an empty collection', () => {
    expect(analyse([])).toMatchObject({ totalCount: 0, elements: [] })
  })

  it('refuses what is not a collection, and says what it is', () => {
    expect(() => analyse('a,b')).toThrow(
      'The collection of step "fetch" is the text "a,b", not a list and not an object.',
    )
    expect(() => analyse(null)).toThrow('is nothing (null)')
    expect(() => analyse(null)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('[path] always does') }),
    )
  })

  it('refuses a limit that is no whole number', () => {
    expect(() => analyse([1], { limit: '{{ "many" }}' })).toThrow('loop.limit of step "fetch" is the text "many"')
    expect(() => analyse([1], { limit: '{{ "" }}' })).toThrow('loop.limit of step "fetch" is the text ""')
  })

  it('says which key and which element of the collection a condition can not be evaluated for', () => {
    const list = [{ n: 1, by: 2 }, { n: 0 }, { n: 5 }, { by: 3 }]
    expect(() => analyse(list, { where: '{{ item.n > 0 }}' })).toThrow(
      expect.objectContaining({
        code: 'template',
        message: 'loop.where of step "fetch", element 3: item has no n',
        hint: 'It has: by.',
        places: [expect.objectContaining({ line: 1, column: 9 })],
      }),
    )
    const orderBy = { expression: '{{ item.by }}', descending: false }
    expect(() => analyse(list, { where: '{{ item.n | default(0) > 0 }}', orderBy })).toThrow(
      'loop.order_by of step "fetch", element 2: item has no by',
    )
    expect(() => analyse(list, { limit: '{{ workload.most }}' })).toThrow(
      'loop.limit of step "fetch": workload has no most',
    )
    expect(() => analyse(list, { collection: '{{ workload.lists }}' })).toThrow(
      'loop.collection of step "fetch": workload has no lists',
    )
  })

  it('takes a limit that is null for none', () => {
    expect(analyse([1, 2], { limit: '{{ none }}' }).elements).toEqual([1, 2])
    expect(analyse([1, 2], { limit: '{{ "1" }}' }).elements).toEqual([1])
  })

  it('sorts what is of several kinds the same way wherever it stood: numbers, texts, all else, nothing', () => {
    const sorted = [2, 9, 10, '1a', '95', true, { a: 1 }, null]
    const orderBy = { expression: '{{ item }}', descending: false }
    for (let turn = 0; turn < sorted.length; turn++) {
      const turned = [...sorted.slice(turn), ...sorted.slice(0, turn)].toReversed()
      const { elements } = analyse(turned, { orderBy })
      expect(elements.filter((key) => typeof key !== 'object')).toEqual([2, 9, 10, '1a', '95', true])
      expect(elements.slice(-2)).toEqual([{ a: 1 }, null])
    }
  })

  it('sorts by lists, and by objects of a playbook, which inherit nothing', () => {
    const element = { by: Object.assign(Object.create(null), { b: 2 }) }
    const orderBy = { expression: '{{ item.by }}', descending: true }
    expect(analyse([{ by: [1] }, element, { by: [2] }], { orderBy }).elements).toEqual([
      element,
      { by: [2] },
      { by: [1] },
    ])
  })

  it('sorts integers beyond 53 bits by their size', () => {
    const scope = { workload: { list: [2n ** 64n, 5, 9_007_199_254_740_993n] } }
    const orderBy = { expression: '{{ item }}', descending: false }
    const { elements } = atOnce(analyseCollection('fetch', loop({ orderBy }), scope))
    expect(elements).toEqual([5, 9_007_199_254_740_993n, 2n ** 64n])
  })

  it('sorts such integers by their size where they are their digits, in text, as stored data holds them', () => {
    const orderBy = { expression: '{{ item.id }}', descending: true }
    const ids = ['9007199254740993', 5, '18446744073709551616', null, '-10000000000000000000', 2n ** 60n]
    const scope = { workload: { list: ids.map((id) => ({ id })) } }
    const { elements } = atOnce(analyseCollection('fetch', loop({ orderBy }), scope))
    expect(elements).toEqual(
      [null, '18446744073709551616', 2n ** 60n, '9007199254740993', 5, '-10000000000000000000'].map((id) => ({ id })),
    )
  })

  it('sorts digits among other texts as the texts they are', () => {
    const orderBy = { expression: '{{ item }}', descending: false }
    const texts = ['9007199254740993', '5', '18446744073709551616', 'x', '0009007199254740993']
    expect(analyse(texts, { orderBy }).elements).toEqual(texts.toSorted())
  })

  it('takes elements by such integers', () => {
    const ids = ['9007199254740993', 5, '18446744073709551616', '10000000000000000000']
    const where = (expression: string) => analyse(ids, { where: `{{ ${expression} }}` }).elements
    expect(where('item > 9007199254740993')).toEqual(['18446744073709551616', '10000000000000000000'])
    expect(where("item <= '9007199254740993' if item is string else false")).toEqual(['9007199254740993'])
    expect(where('item == 9007199254740993')).toEqual(['9007199254740993'])
    expect(where('9007199254740993 != item')).toEqual([5, '18446744073709551616', '10000000000000000000'])
    expect(where('item in [9007199254740993, 6]')).toEqual(['9007199254740993'])
  })

  it('sorts by several keys in a list, one after the other, each as it would be sorted alone', () => {
    const by = (first: unknown, second: unknown) => ({ first, second })
    const orderBy = { expression: '{{ [item.first, item.second] }}', descending: false }
    const rows = [
      by(10, 'b'),
      by(9, 'z'),
      by(10, 'a'),
      by(null, 'a'),
      by('18446744073709551616', 'a'),
      by('9007199254740993', 'a'),
    ]
    const { elements } = atOnce(analyseCollection('fetch', loop({ orderBy }), { workload: { list: rows } }))
    expect(elements).toEqual([rows[1], rows[2], rows[0], rows[5], rows[4], rows[3]])
    expect(
      analyse([[1, 1], [1], [], [10], [9], [2, 10], [2, 5]], { orderBy: { ...orderBy, expression: '{{ item }}' } })
        .elements,
    ).toEqual([[], [1], [1, 1], [2, 5], [2, 10], [9], [10]])
  })
})
