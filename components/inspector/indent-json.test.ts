import { describe, expect, it } from 'vitest'
import { indentJson } from './indent-json'

describe('indentJson', () => {
  it('sets out what JSON.stringify would', () => {
    const value = { a: [1, { b: 'x, {y} "z" \\' }], empty: {}, none: [], t: true, n: null }
    expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2))
  })

  it('keeps numbers digit for digit', () => {
    expect(indentJson('{"id":9007199254740993,"f":1.10}')).toBe('{\n  "id": 9007199254740993,\n  "f": 1.10\n}')
  })

  it('leaves what is no JSON, and survives a text that was cut off', () => {
    expect(indentJson('<html>')).toBe('<html>')
    expect(indentJson('{"a":"cut of')).toBe('{\n  "a": "cut of')
  })

  it('takes a long body in no time', () => {
    const long = JSON.stringify(Array.from({ length: 20_000 }, (_, id) => ({ id })))
    const { length } = JSON.stringify(JSON.parse(long), null, 2)
    // The fastest of five: what else the machine does is not the function's.
    const took = Array.from({ length: 5 }, () => {
      const began = performance.now()
      expect(indentJson(long)).toHaveLength(length)
      return performance.now() - began
    })
    expect(Math.min(...took)).toBeLessThan(500)
  })
})
