import { describe, expect, it } from 'vitest'
import { cellOf, kindsOf, typeOf, type ColumnType } from './column-types'

const typeOfAll = (...slices: string[]): ColumnType =>
  typeOf(slices.reduce((kinds, slice) => kinds | kindsOf(slice), 0))

describe('the type of a column', () => {
  it.each<[ColumnType, string[]]>([
    ['boolean', ['true', 'null', 'false']],
    ['integer', ['1', '-5', 'null']],
    ['integer', ['9223372036854775807', '-9223372036854775808']],
    ['number', ['1', '2.50', '9007199254740991']],
    ['number', ['1e3']],
    ['text', ['"a"', '""', 'null']],
    ['json', ['"a"', '1']],
    ['json', ['true', '1']],
    ['json', ['[1]', 'null']],
    ['json', ['{}']],
  ])('is %s for %j', (type, slices) => {
    expect(typeOfAll(...slices)).toBe(type)
  })

  it('is text where every value is a number and no type of numbers holds all of them digit for digit', () => {
    expect(typeOfAll('1', '9223372036854775808')).toBe('text')
    expect(typeOfAll('-9223372036854775809', '0.5')).toBe('text')
    expect(typeOfAll('9007199254740993', '0.5')).toBe('text')
    expect(typeOfAll('1e400')).toBe('text')
  })

  it('is text where nothing but null was seen', () => {
    expect(typeOfAll('null')).toBe('text')
    expect(typeOfAll()).toBe('text')
  })
})

describe('a cell', () => {
  it('keeps every digit of an integer', () => {
    expect(cellOf('9007199254740993', 'integer')).toBe(9_007_199_254_740_993n)
    expect(cellOf('12345678901234567890', 'text')).toBe('12345678901234567890')
    expect(cellOf('1.50', 'number')).toBe(1.5)
    expect(cellOf('false', 'boolean')).toBe(false)
  })

  it('tells an empty text from null, and takes a missing field for null', () => {
    expect(cellOf('""', 'text')).toBe('')
    expect(cellOf('null', 'text')).toBeNull()
    expect(cellOf('null', 'json')).toBeNull()
    expect(cellOf(undefined, 'integer')).toBeNull()
  })

  it('holds in a mixed column each value as JSON, as it came', () => {
    expect(cellOf('"1"', 'json')).toBe('"1"')
    expect(cellOf('{"n": 12345678901234567890}', 'json')).toBe('{"n": 12345678901234567890}')
  })

  it('shows a lone surrogate as its escape, and leaves NUL and pairs as they are', () => {
    expect(cellOf(String.raw`"a\ud800b\u0000\ud83d\ude00"`, 'text')).toBe('a\\ud800b\u0000😀')
  })

  it('throws for a value that its column has no place for, instead of writing another one', () => {
    expect(() => cellOf('"x"', 'integer')).toThrow()
    expect(() => cellOf('"x"', 'number')).toThrow(/no number/)
    expect(() => cellOf('1', 'boolean')).toThrow(/no boolean/)
  })
})
