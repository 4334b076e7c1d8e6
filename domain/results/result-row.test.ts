import { describe, expect, it } from 'vitest'
import { columnsOf, conditionsOf, csvHeader, csvRow, jsonRow, matches, type RawRow } from './result-row'

const row = (item: string): RawRow => ({ step: 'fetch', index: 3, element: '=users', page: 2, row: 1, item })

describe('result rows', () => {
  it('writes an item as it came, with provenance in front when asked', () => {
    const item = '{"id":12345678901234567890}'
    expect(jsonRow(row(item), { columns: null, provenance: false })).toBe(item)
    expect(jsonRow(row(item), { columns: null, provenance: true })).toBe(
      '{"_step":"fetch","_index":3,"_element":"=users","_page":2,"_row":1,"id":12345678901234567890}',
    )
    expect(jsonRow(row('{ }'), { columns: null, provenance: true })).toBe(
      '{"_step":"fetch","_index":3,"_element":"=users","_page":2,"_row":1}',
    )
    expect(jsonRow(row('7'), { columns: null, provenance: true })).toContain(',"value":7}')
  })

  it('keeps only the columns asked for', () => {
    expect(
      jsonRow(row('{"a":{"b":1},"c":2,"d":3}'), { provenance: false, columns: columnsOf(['c', 'a.b', 'x']) }),
    ).toBe('{"c":2,"a.b":1}')
  })

  it('never lets a spreadsheet take text for a formula, and leaves numbers alone', () => {
    const item = '{"a":"=1+1","b":"-2.5e3","c":-7,"d":"+cmd","e":"@x","f":"\\tq","g":"＝1","h":"\\u0000"}'
    expect(csvRow(row(item), columnsOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']), false)).toBe(
      "'=1+1,-2.5e3,-7,'+cmd,'@x,'\tq,'＝1,\\u0000\r\n",
    )
    expect(csvHeader(columnsOf(['=evil', 'a,b']), true)).toBe(`_step,_index,_element,_page,_row,'=evil,"a,b"\r\n`)
    expect(csvRow(row('{"a":"say \\"hi\\"\\n"}'), columnsOf(['a']), true)).toBe(
      `fetch,3,'=users,2,1,"say ""hi""\n"\r\n`,
    )
  })

  it('keeps an item only when every condition holds, digit for digit', () => {
    const item = '{"status":"open","owner":{"id":12345678901234567890},"done":false}'
    expect(matches(item, conditionsOf([{ field: 'status', value: 'open' }]))).toBe(true)
    expect(matches(item, conditionsOf([{ field: 'owner.id', value: '12345678901234567890' }]))).toBe(true)
    expect(matches(item, conditionsOf([{ field: 'owner.id', value: '12345678901234567891' }]))).toBe(false)
    expect(matches(item, conditionsOf([{ field: 'done', value: 'false' }]))).toBe(true)
    expect(matches(item, conditionsOf([{ field: 'missing', value: '' }]))).toBe(false)
  })
})
