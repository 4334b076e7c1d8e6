import type { ResultRow } from '@/domain/api/results'
import { recordOf } from '@/domain/execution/view-context'

export type Column = { key: string; isNumeric: boolean; width: number }

const CHAR_PX = 7.4
const MOST_COLUMNS = 60

/** The columns of the items seen so far: every field in order of appearance, as wide as what it holds, within reason. */
export function inferColumns(rows: readonly ResultRow[]): Column[] {
  const found = new Map<string, { isNumeric: boolean; longest: number }>()
  for (const { item } of rows) {
    for (const [key, value] of Object.entries(fieldsOf(item))) {
      const column = found.get(key) ?? { isNumeric: true, longest: key.length }
      column.isNumeric &&= value === null || typeof value === 'number'
      column.longest = Math.max(column.longest, cellText(value).length)
      found.set(key, column)
    }
  }
  return [...found].slice(0, MOST_COLUMNS).map(([key, { isNumeric, longest }]) => ({
    key,
    isNumeric,
    width: Math.round(Math.min(320, Math.max(64, longest * CHAR_PX + 26))),
  }))
}

/** An item that is no object has one column, `value`. */
export const fieldsOf = (item: unknown): Record<string, unknown> => recordOf(item) ?? { value: item }

export function cellText(value: unknown): string {
  if (value === undefined) return ''
  if (value === null) return 'null'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
