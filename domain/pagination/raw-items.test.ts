import { describe, expect, it } from 'vitest'
import { sliceAt } from '../results/json-slices'
import { rawItems } from './raw-items'

const cut = (text: string, path: string[]) => rawItems({ text, value: JSON.parse(text) }, path)

describe('the text of the items in a body', () => {
  it.each([
    ['first', '{"data":[{"a":1},{"a":2}],"paging":{"next":null}}', ['data'], '[{"a":1},{"a":2}]'],
    ['last', '{"paging":{"next":3},"data":[1,2]}', ['data'], '[1,2]'],
    ['with spaces', '{ "data" :\n [1, 2] , "n": 2 }', ['data'], '[1, 2]'],
    ['with lists behind it', '{"data":[[1],[2]],"links":["a]"],"tags":[]}', ['data'], '[[1],[2]]'],
    ['deeper in', '{"meta":{"n":1},"body":{"items":[1,[2]],"n":[2]},"z":[0]}', ['body', 'items'], '[1,[2]]'],
    ['empty', '{"data":[]}', ['data'], '[]'],
    ['the body itself', '[1,2]', [], '[1,2]'],
    ['after a value that is called so', '{"kind":"data","data":[1]}', ['data'], '[1]'],
    ['after a deeper one that is called so', '{"a":{"data":[9]},"data":[1]}', ['data'], '[1]'],
    ['written twice, with both of its lists', '{"data":[1],"data":[2,3]}', ['data'], '[1],"data":[2,3]'],
    ['with an escaped key', '{"d\\u0061ta":[1]}', ['data'], '[1]'],
    ['with brackets in texts', '{"data":["]}",{"x":"[\\"]"}],"n":1}', ['data'], '["]}",{"x":"[\\"]"}]'],
    ['inside of a list', '[{"items":[1]},{"items":[2]}]', ['1', 'items'], '[2]'],
  ])('is found: %s', (_, text, path, items) => {
    expect(cut(text, path)).toBe(items)
  })

  it('is what a walk through the text finds, for bodies put together at random', () => {
    let seed = 7
    const draw = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return (seed >>> 8) % below
    }
    const value = (depth: number): unknown => {
      const kind = draw(depth > 3 ? 4 : 6)
      if (kind === 0) return draw(1_000)
      if (kind === 1) return ['data', ']', '}', '":[', '\\', '"items":[1]'][draw(6)]
      if (kind === 2) return draw(2) === 0
      if (kind === 3) return null
      if (kind === 4) return Array.from({ length: draw(4) }, () => value(depth + 1))
      return Object.fromEntries(
        Array.from({ length: draw(5) }, () => [['data', 'items', 'n', '1', 'z'][draw(5)], value(depth + 1)]),
      )
    }
    let found = 0
    for (let round = 0; round < 3_000; round++) {
      const body = { ...(value(2) as object), data: value(1), more: value(2) }
      const text = JSON.stringify(body, null, draw(3))
      for (const path of [['data'], ['data', 'items'], ['more', 'data']]) {
        const list = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], body)
        if (!Array.isArray(list)) continue
        found++
        expect(cut(text, path)).toBe(sliceAt(text, path))
      }
    }
    expect(found).toBeGreaterThan(500)
  })
})

describe('the bytes of the items in a body', () => {
  it.each([
    ['{"größe":"ü","data":["é","漢",{"a":"🙂"}],"nächste":"§"}', ['data']],
    ['["é"]', []],
    ['{"d\\u0061ta":["é"]}', ['data']],
  ])('are those of their text: %s', (text, path) => {
    const body = { text, value: JSON.parse(text) as unknown }
    const bytes = rawItems({ ...body, utf8: new TextEncoder().encode(text) }, path)
    expect(typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes ?? undefined)).toBe(rawItems(body, path))
  })
})
