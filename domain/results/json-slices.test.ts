import { describe, expect, it } from 'vitest'
import { flatten, itemSlices, oneLine, pathsOf, pick, scalarText, sliceAt } from './json-slices'

const body = String.raw` {"data" : {"list":[ {"id":12345678901234567890, "n":"a\u0000b\ud800"} , [1, 2], "x,]}\"" , null ], "é":1}, "p\u0061th": {"k": 7} } `

describe('json slices', () => {
  it('cuts a value out by its path without changing a digit or an escape of it', () => {
    expect([...itemSlices(sliceAt(body, ['data', 'list']))]).toEqual([
      String.raw`{"id":12345678901234567890, "n":"a\u0000b\ud800"}`,
      '[1, 2]',
      String.raw`"x,]}\""`,
      'null',
    ])
  })

  it('finds keys however they are escaped, and positions of arrays', () => {
    expect(sliceAt(body, ['path', 'k'])).toBe('7')
    expect(sliceAt(body, ['data', 'list', '1', '0'])).toBe('1')
    expect(sliceAt(body, ['data', 'nothing', 'k'])).toBeNull()
  })

  it('takes a single object for one item, and null, emptiness and absence for none', () => {
    expect([...itemSlices(' {"a": 1} ')]).toEqual(['{"a": 1}'])
    expect([...itemSlices('null')]).toEqual([])
    expect([...itemSlices('[ ]')]).toEqual([])
    expect([...itemSlices(null)]).toEqual([])
  })

  it('flattens nested objects to dotted paths and leaves arrays and empty objects whole', () => {
    expect(flatten('{"a":{"b":{"c":1,"d":[{"e":2}]},"f":{}},"g":null}')).toEqual([
      ['a.b.c', '1'],
      ['a.b.d', '[{"e":2}]'],
      ['a.f', '{}'],
      ['g', 'null'],
    ])
    expect(flatten('42')).toEqual([['value', '42']])
  })

  it('picks scalars and whole objects by dotted path', () => {
    const found = pick('{"a":{"b":1,"c":{"d":2}},"e":3}', pathsOf(['a.b', 'a.c', 'e', 'x.y']))
    expect([...found]).toEqual([
      ['a.b', '1'],
      ['a.c', '{"d":2}'],
      ['e', '3'],
    ])
  })

  it('agrees with JSON.parse on what a string says', () => {
    expect(scalarText(String.raw`"a\"\\\u00e9\n"`)).toBe('a"\\é\n')
    expect(scalarText('1.50')).toBe('1.50')
  })

  it('puts a pretty-printed value on one line', () => {
    expect(JSON.parse(oneLine('{\n  "a": [\r\n    1,\n    2\n  ]\n}'))).toEqual({ a: [1, 2] })
    expect(oneLine('{\n  "a": 1\n}')).not.toContain('\n')
  })
})
