import { describe, expect, it } from 'vitest'
import { chooseFormat, refuseOnTerminal } from './save-results'

describe('chooseFormat', () => {
  it('reads the format off the name of the file, however it is written', () => {
    expect(['a.csv', 'b.JSONL', 'c.ndjson', 'd.json', 'e.parquet'].map(chooseFormat)).toEqual([
      'csv',
      'ndjson',
      'ndjson',
      'json',
      'parquet',
    ])
    expect(() => chooseFormat('items.xlsx')).toThrow('The name items.xlsx says no format.')
  })
})

describe('refuseOnTerminal', () => {
  it('keeps Parquet off a terminal, but not out of a pipe', () => {
    expect(() => refuseOnTerminal('parquet', true)).toThrow('A terminal can not show Parquet.')
    expect(() => refuseOnTerminal('parquet', false)).not.toThrow()
    expect(() => refuseOnTerminal('csv', true)).not.toThrow()
  })
})
