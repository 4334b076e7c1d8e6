import { describe, expect, it } from 'vitest'
import { cellText, fieldsOf, inferColumns } from './columns'

const row = (item: unknown) => ({ step: 's', index: 0, element: 'a', page: 1, row: 1, item })

describe('inferColumns', () => {
  it('lists every field in order of appearance and knows which hold only numbers', () => {
    const columns = inferColumns([row({ id: 1, name: 'a' }), row({ id: null, extra: { x: 1 } })])
    expect(columns.map(({ key, isNumeric }) => [key, isNumeric])).toEqual([
      ['id', true],
      ['name', false],
      ['extra', false],
    ])
  })

  it('gives items that are no objects one column', () => {
    expect(inferColumns([row('text'), row([1, 2])]).map(({ key }) => key)).toEqual(['value'])
    expect(fieldsOf(7)).toEqual({ value: 7 })
  })

  it('shows null as null and a missing field as nothing', () => {
    expect([cellText(null), cellText(undefined), cellText({ a: [1] })]).toEqual(['null', '', '{"a":[1]}'])
  })
})
