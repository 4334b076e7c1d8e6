import { buffer } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parquetMetadata } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import type { RawRow } from '@/domain/results/result-row'
import { findTypes } from './find-columns'
import { parquetFile } from './parquet-file'
import { readParquet } from './testing/read-parquet'

type Options = { columns?: string[]; provenance?: boolean }

const pieces = async (items: readonly string[], options: Options = {}): Promise<AsyncGenerator<Uint8Array>> =>
  parquetFile(rowsOf(items), {
    types: await findTypes(rowsOf(items), options.columns),
    provenance: options.provenance ?? false,
  })
const written = async (items: readonly string[], options?: Options): Promise<Uint8Array> =>
  buffer(await pieces(items, options))
const read = async (items: readonly string[], options?: Options) => readParquet(await written(items, options))

async function* rowsOf(items: readonly string[]): AsyncGenerator<RawRow> {
  for (const [at, item] of items.entries())
    yield { step: 'fetch', index: 0, element: at === 0 ? 'é\ud800' : null, page: 1, row: at + 1, item }
}

async function* breakingOff(rows: number): AsyncGenerator<RawRow> {
  yield* rowsOf(Array.from({ length: rows }, (_, at) => `{"n":${at}}`))
  throw new Error('gone')
}

describe('a Parquet file', () => {
  it('gives every column the type of its values, and every value back', async () => {
    const { types, rows } = await read([
      '{"id": 9007199254740993, "huge": 12345678901234567890, "price": 1.50, "open": true, "name": "Ünï \\"😀\\"", "owner": {"id": 7}, "tags": [1, {"n": 12345678901234567890}], "mixed": 1}',
      '{"id": -9223372036854775808, "huge": 1, "price": 2, "open": false, "name": "", "mixed": "1"}',
      '{"id": null, "name": null, "open": null, "owner": {"id": null}, "tags": [], "mixed": null, "none": null}',
    ])
    expect(types).toEqual({
      id: 'INT64',
      huge: 'UTF8',
      price: 'DOUBLE',
      open: 'BOOLEAN',
      name: 'UTF8',
      'owner.id': 'INT64',
      tags: 'JSON',
      mixed: 'JSON',
      none: 'UTF8',
    })
    const nothing = { huge: null, price: null, 'owner.id': null, tags: null, none: null }
    expect(rows).toEqual([
      {
        id: 9_007_199_254_740_993n,
        huge: '12345678901234567890',
        price: 1.5,
        open: true,
        name: 'Ünï "😀"',
        'owner.id': 7n,
        tags: '[1, {"n": 12345678901234567890}]',
        mixed: '1',
        none: null,
      },
      { ...nothing, id: -(2n ** 63n), huge: '1', price: 2, open: false, name: '', mixed: '"1"' },
      { ...nothing, id: null, open: null, name: null, tags: '[]', mixed: null },
    ])
  })

  it('shows what UTF-8 can not hold as its escape, and keeps NUL', async () => {
    const { rows } = await read([String.raw`{"a": "\ud800 \u0000", "\udfff": 1}`])
    expect(rows).toEqual([{ a: '\\ud800 \u0000', '\\udfff': 1n }])
  })

  it('holds what is an object in one item and null in another as a column of JSON', async () => {
    const { types, rows } = await read(['{"owner": {"id": 1}}', '{"owner": null}'])
    expect(types).toEqual({ 'owner.id': 'INT64', owner: 'JSON' })
    expect(rows).toEqual([
      { 'owner.id': 1n, owner: '{"id": 1}' },
      { 'owner.id': null, owner: null },
    ])
  })

  it('has the columns asked for and no others, an object too', async () => {
    const items = ['{"a": {"b": 1}, "c": 2, "d": 3}', '{"c": 2.5}']
    const { types, rows } = await read(items, { columns: ['c', 'a', 'c', 'x'] })
    expect(types).toEqual({ c: 'DOUBLE', a: 'JSON', x: 'UTF8' })
    expect(rows).toEqual([
      { c: 2, a: '{"b": 1}', x: null },
      { c: 2.5, a: null, x: null },
    ])
  })

  it('says where a row comes from, typed, and keeps a field of the same name apart', async () => {
    const { types, rows } = await read(['{"_row": "x"}', '7'], { provenance: true })
    expect(types).toEqual({
      _step: 'UTF8',
      _index: 'INT32',
      _element: 'UTF8',
      _page: 'INT32',
      _row: 'INT32',
      _row_2: 'UTF8',
      value: 'INT64',
    })
    expect(rows).toEqual([
      { _step: 'fetch', _index: 0, _element: 'é\\ud800', _page: 1, _row: 1, _row_2: 'x', value: null },
      { _step: 'fetch', _index: 0, _element: null, _page: 1, _row: 2, _row_2: null, value: 7n },
    ])
  })

  it('is whole without a row, and has as many rows as there are items without a field', async () => {
    expect(await read([])).toEqual({ types: { value: 'UTF8' }, rows: [], groups: [] })
    expect(await read([], { columns: ['a'] })).toEqual({ types: { a: 'UTF8' }, rows: [], groups: [] })
    expect((await read(['{}', '{}'])).rows).toEqual([{ value: null }, { value: null }])
  })

  it('comes in groups of bounded rows and bytes, in the order of the rows', async () => {
    const many = await read(Array.from({ length: 60_000 }, (_, at) => `{"n":${at}}`))
    expect(many.groups).toEqual([50_000, 10_000])
    expect(many.rows.findIndex(({ n }, at) => n !== BigInt(at))).toBe(-1)
    const large = await read(Array.from({ length: 10 }, (_, at) => `{"text":"${String(at).repeat(1024 * 1024)}"}`))
    expect(large.groups).toEqual([4, 4, 2])
    expect(large.rows.map(({ text }) => Number(String(text)[0]))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('keeps nothing of a page in memory but the cells that wait to be written', async () => {
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    if (typeof collect !== 'function') throw new Error('there is no gc to call')
    const heapMb = (): number => {
      collect()
      return process.memoryUsage().heapUsed / 1024 / 1024
    }
    let grown = 0
    async function* pages(): AsyncGenerator<RawRow> {
      const before = heapMb()
      for (let page = 1; page <= 100; page++) {
        const item = Buffer.from(`{"id":"customer number ${page}","rest":"${'x'.repeat(1024 * 1024)}"}`).toString()
        yield { step: 'fetch', index: 0, element: null, page, row: 1, item }
      }
      grown = heapMb() - before
    }
    await buffer(parquetFile(pages(), { types: new Map([['id', 'text']]), provenance: false }))
    expect(grown).toBeLessThan(10)
  })

  it('is none as long as its end is missing, as it is when its rows break off', async () => {
    const whole = await written(['{"a":1}'])
    expect(Buffer.from(whole).toString('latin1')).toMatch(/^PAR1[^]*PAR1$/)
    expect(() => parquetMetadata(new Uint8Array(whole.subarray(0, -1)).buffer)).toThrow(/footer/)
    const broken = parquetFile(breakingOff(60_000), { types: new Map([['n', 'integer']]), provenance: false })
    const got: Uint8Array[] = []
    await expect(async () => {
      for await (const piece of broken) got.push(piece)
    }).rejects.toThrow('gone')
    expect(got).toHaveLength(1)
  })
})
