import { cutText } from '../cut-text'
import { describeShape, isObject, readBodyPath, type BodyPath } from './item-path'
import { PageFault } from './page-fault'
import type { StopSettings } from './paginator'

/** What a page says about how much there is; null: it isn't asked or doesn't say. */
export type PageSignals = { hasMore: boolean | null; total: number | null; totalPages: number | null }

/** Reads has-more flag and totals. Throws `has_more_missing`, `has_more_invalid`, `total_missing` (page 1), `total_invalid`. */
export function readSignals(
  body: unknown,
  headers: Readonly<Record<string, string>>,
  stop: StopSettings,
  page: number,
): PageSignals {
  return {
    hasMore: stop.hasMorePath === null ? null : readHasMore(body, stop.hasMorePath, page),
    total: readTotalItems(body, headers, stop, page),
    totalPages: stop.totalPagesPath === null ? null : readCount(body, stop.totalPagesPath, page),
  }
}

function readHasMore(body: unknown, path: BodyPath, page: number): boolean {
  const reading = readBodyPath(body, path)
  if (!reading.found) {
    throw new PageFault(
      'has_more_missing',
      `\`${path.text}\` (has_more_path) is missing on page ${page}; ${placeName(reading.at)} has: ${describeShape(reading.parent)}`,
      'correct `stop.has_more_path`',
    )
  }
  const { value } = reading
  const flag = flagOf(value)
  if (flag !== null) return flag
  throw new PageFault(
    'has_more_invalid',
    `\`${path.text}\` (has_more_path) is ${show(value)} on page ${page}, where true or false was expected`,
    'point `stop.has_more_path` at a flag; for a token use `type: cursor`',
  )
}

/** What a value says as a flag, written as text or number too; null: it is none. */
export function flagOf(value: unknown): boolean | null {
  if (value === true || value === 1 || /^(?:true|1)$/i.test(textOf(value))) return true
  return value === false || value === 0 || /^(?:false|0)$/i.test(textOf(value)) ? false : null
}

function readTotalItems(
  body: unknown,
  headers: Readonly<Record<string, string>>,
  stop: StopSettings,
  page: number,
): number | null {
  if (stop.totalItemsHeader !== null) {
    const name = stop.totalItemsHeader.toLowerCase()
    const value = headers[name]
    if (value !== undefined) return checkedCount(value.trim(), `header ${name}`, page)
    if (page > 1) return null
    throw new PageFault(
      'total_missing',
      `the header ${name} (total_items_header) is missing on page 1`,
      'correct `stop.total_items_header`',
    )
  }
  return stop.totalItemsPath === null ? null : readCount(body, stop.totalItemsPath, page)
}

/** Totals may be left out after page 1: some APIs count only once. */
function readCount(body: unknown, path: BodyPath, page: number): number | null {
  const reading = readBodyPath(body, path)
  if (reading.found && isLowerBound(body, reading.path)) return null
  if (reading.found && reading.value !== null) return checkedCount(reading.value, `\`${path.text}\``, page)
  if (page > 1) return null
  const offered = reading.found ? 'it is null' : `${placeName(reading.at)} has: ${describeShape(reading.parent)}`
  throw new PageFault(
    'total_missing',
    `the total \`${path.text}\` is missing on page 1; ${offered}`,
    'correct the path of the total',
  )
}

/** Search engines stop counting: `{value: 10000, relation: gte}` is no total to end at. */
function isLowerBound(body: unknown, path: readonly string[] | null): boolean {
  const holder = path === null ? undefined : path.slice(0, -1).reduce<unknown>(memberOf, body)
  return isObject(holder) && holder['relation'] === 'gte'
}

const memberOf = (holder: unknown, key: string): unknown => (isObject(holder) ? holder[key] : undefined)

function checkedCount(value: unknown, where: string, page: number): number {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
  throw new PageFault(
    'total_invalid',
    `the total in ${where} is ${show(value)} on page ${page}, where a whole number of 0 or more was expected`,
  )
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

/** A value as a message shows it: short, on one line. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cutText(value, 80))
  return typeof value === 'object' && value !== null ? describeShape(value) : String(value)
}

const placeName = (at: readonly string[]): string => (at.length === 0 ? 'the body' : `\`${at.join('.')}\``)
