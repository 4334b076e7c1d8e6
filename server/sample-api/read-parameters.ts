/** A request the sample API answers with 400; the message names the parameter. */
export class BadParameter extends Error {
  readonly parameter: string

  constructor(parameter: string, message: string) {
    super(`${parameter}: ${message}`)
    this.name = 'BadParameter'
    this.parameter = parameter
  }
}

const DEFAULT_TOTAL = 35
const DEFAULT_SIZE = 10
const MAX_PAGE_BYTES = 32 * 1024 * 1024

export type Window = { offset: number; size: number; page: number; total: number; itemBytes: number }

/** `delay_ms`, which every endpoint takes; null when it isn't given. */
export const readDelay = (query: URLSearchParams): number | null =>
  query.has('delay_ms') ? readInteger(query, 'delay_ms', 0, { min: 0, max: 60_000 }) : null

/** `page` and `pageSize` (from page 1). */
export function readPageWindow(query: URLSearchParams): Window {
  return readOffsetWindow(query, { page: 'page', size: ['pageSize'] })
}

/** `offset` and `limit`, or `page` and `pageSize`. */
export function readMixedWindow(query: URLSearchParams): Window {
  if (query.has('offset') && query.has('page')) throw new BadParameter('page', 'give either page or offset')
  return readOffsetWindow(query, { page: 'page', size: ['pageSize', 'limit'] })
}

/** `cursor` (what the answer before gave as next_cursor) and `limit`. */
export function readCursorWindow(query: URLSearchParams): Window {
  const cursor = query.get('cursor') ?? ''
  const plain = new URLSearchParams(query)
  plain.set('offset', String(cursor === '' ? 0 : readCursor(cursor)))
  return readOffsetWindow(plain, { page: null, size: ['limit'] })
}

export const writeCursor = (offset: number): string => Buffer.from(`after:${offset}`).toString('base64url')

function readCursor(cursor: string): number {
  const match = /^after:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  if (!match)
    throw new BadParameter('cursor', 'not a cursor of this API; send next_cursor of the answer before, unchanged')
  return Number(match[1])
}

function readOffsetWindow(query: URLSearchParams, names: { page: string | null; size: readonly string[] }): Window {
  const sizeName = names.size.find((name) => query.has(name)) ?? names.size[0] ?? 'limit'
  const size = readInteger(query, sizeName, DEFAULT_SIZE, { min: 1, max: 10_000 })
  const total = readInteger(query, 'total', DEFAULT_TOTAL, { min: 0, max: 100_000_000 })
  const itemBytes = readInteger(query, 'item_bytes', 0, { min: 0, max: 1_000_000 })
  if (size * itemBytes > MAX_PAGE_BYTES)
    throw new BadParameter(
      'item_bytes',
      `${size} items of ${itemBytes} bytes are more than ${MAX_PAGE_BYTES} bytes a page`,
    )
  if (names.page !== null && !query.has('offset')) {
    const page = readInteger(query, names.page, 1, { min: 1, max: 100_000_000 })
    return { offset: (page - 1) * size, size, page, total, itemBytes }
  }
  const offset = readInteger(query, 'offset', 0, { min: 0, max: 1_000_000_000 })
  return { offset, size, page: Math.floor(offset / size) + 1, total, itemBytes }
}

function readInteger(
  query: URLSearchParams,
  name: string,
  fallback: number,
  range: { min: number; max: number },
): number {
  const text = query.get(name)
  if (text === null || text === '') return fallback
  const value = /^-?\d{1,12}$/.test(text) ? Number(text) : NaN
  if (!(value >= range.min && value <= range.max))
    throw new BadParameter(
      name,
      `expected a whole number from ${range.min} to ${range.max}, got ${JSON.stringify(text)}`,
    )
  return value
}

/** `fail_on=2,3`: the pages whose first try fails. */
export function readFailOn(query: URLSearchParams): ReadonlySet<number> {
  const parts = (query.get('fail_on') ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const wrong = parts.find((part) => !/^\d{1,9}$/.test(part))
  if (wrong !== undefined)
    throw new BadParameter('fail_on', `expected page numbers separated by commas, got ${JSON.stringify(wrong)}`)
  return new Set(parts.map(Number))
}
