import { describe, expect, test } from 'vitest'
import { writePaginate } from '@/domain/pagination/auto/write-paginate'
import type { JsonObject } from '@/domain/json'
import { isObject } from '@/domain/pagination/item-path'
import { ownServer } from './own-server'
import { endOf, runOnWire, stepOf, type WireResult } from './run-on-wire'
import type { Script, ScriptedServer, WireRequest } from './scripted-server'

/** One case: a step as it is written, what the API does, and everything that must come of it. */
export type Row = {
  name: string
  /** Lines of the http step. */
  step: string
  script: Script
  /** What came over the wire: `/items?page=1`; `POST ` before other methods, ` {json}` after bodies, `other:` before the second origin. */
  requests: string[]
  /** Their number, or their ids. */
  items: number | unknown[]
  stop?: string
  warnings?: string[]
  /** Kind of the error, and what its message says. */
  error?: string
  says?: string | RegExp
  /** Milliseconds waited before further requests. */
  waits?: number[]
  secrets?: Record<string, string>
  /** Further claims over what was recorded and sent. */
  also?: (result: WireResult, requests: readonly WireRequest[]) => void
  /** True: the explicit block for what `auto` chose is run as well, and gives the same. */
  rewritten?: boolean
}

/** Runs every row twice against one scripted server: straight through, and restarted from its checkpoint after every outcome. */
export function wireSuite(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    const server = ownServer()
    test.each(rows)('$name', (row) => checkRow(server(), row, false))
    test.each(rows)('$name, with a restart after every answer', (row) => checkRow(server(), row, true))
  })
}

async function checkRow(server: ScriptedServer, row: Row, restarts: boolean): Promise<void> {
  server.play(row.script)
  const workload = { api: server.api, other: server.other, element: { id: 1 } }
  const result = await runOnWire({
    step: stepOf(row.step),
    scope: { workload },
    restarts,
    ...(row.secrets === undefined ? {} : { secrets: row.secrets }),
  })
  const { state, items } = result
  expect(server.requests().map(shown)).toEqual(row.requests)
  if (typeof row.items === 'number') expect(items).toHaveLength(row.items)
  else expect(items.map(idOf)).toEqual(row.items)
  expect(state.progress.items).toBe(items.length)
  expect(state.progress.warnings.map(({ kind }) => kind)).toEqual(row.warnings ?? [])
  expect(result.waits).toEqual(row.waits ?? [])
  expect(endOf(result)).toBe(row.error ?? row.stop)
  if (row.says !== undefined) expect(state.status === 'failed' ? state.error.message : '').toMatch(row.says)
  row.also?.(result, server.requests())
  if (row.rewritten === true) await checkRewritten(server, row, result)
}

/** What `auto` would write into the playbook parses, and gives the same items for the same reason. */
async function checkRewritten(server: ScriptedServer, row: Row, result: WireResult): Promise<void> {
  const written = stepOf(row.step).written.paginate
  const note = result.pages.flatMap(({ next }) => (isObject(next['auto']) ? [next['auto']] : [])).at(-1)
  const choice = note?.['choice']
  if (!isJsonObject(choice) || !isJsonObject(written)) throw new Error('nothing was chosen')
  const block = writePaginate(choice, written)
  expect(block).not.toContain('auto')
  server.play(row.script)
  const explicit = await runOnWire({
    step: stepOf(row.step.replace(/^paginate:.*$/m, block)),
    scope: { workload: { api: server.api, other: server.other, element: { id: 1 } } },
  })
  expect(explicit.items).toEqual(result.items)
  expect(endOf(explicit)).toBe(endOf(result))
}

const isJsonObject = (value: unknown): value is JsonObject => isObject(value)

const shown = ({ host, method, target, body }: WireRequest): string =>
  `${host === 'other' ? 'other:' : ''}${method === 'GET' ? '' : `${method} `}${target}${body === '' ? '' : ` ${body}`}`

const idOf = (item: unknown): unknown => (typeof item === 'object' && item !== null && 'id' in item ? item.id : item)

/** The claim that a warning of this kind says this. */
export const warned =
  (kind: string, says: string | RegExp): NonNullable<Row['also']> =>
  ({ state }) => {
    const message = state.progress.warnings.find((warning) => warning.kind === kind)?.message
    expect(message).toMatch(says)
  }

/** `count` items `{id}` from `from` on. */
export const rows = (from: number, count: number): { id: number }[] =>
  Array.from({ length: Math.max(0, count) }, (_, index) => ({ id: from + index }))

/** Page numbers from 1 over `total` items. */
export const paged =
  (total: number, size: number, extra: (page: number, hasMore: boolean) => object = () => ({})): Script =>
  ({ query }) => {
    const page = Number(query['page'] ?? 1)
    const start = (page - 1) * size
    return { json: { data: rows(start + 1, Math.min(size, total - start)), ...extra(page, start + size < total) } }
  }

/** Offsets over `total` items, never more than `cap` at once. */
export const offsets =
  (total: number, cap: number, extra: (start: number, hasMore: boolean) => object = () => ({})): Script =>
  ({ query }) => {
    const start = Number(query['offset'] ?? 0)
    const size = Math.min(cap, Number(query['limit'] ?? cap))
    return { json: { data: rows(start + 1, Math.min(size, total - start)), ...extra(start, start + size < total) } }
  }

/** `/items?page=1`, `/items?page=2` … */
export const pages = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, index) => `/items?page=${from + index}`)
