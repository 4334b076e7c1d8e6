import { isNumeric } from '../playbook/template/values'
import { errorFactsSchema, type ErrorFacts } from './events'
import type { ViewWarning } from './view'

type Context = Record<string, unknown>

/** Events are data of an older or newer writer: a field that is missing or odd reads as null, never as an exception. */
export const textOf = (context: Context, key: string): string | null => {
  const value = context[key]
  return typeof value === 'string' ? value : null
}

export const numberOf = (context: Context, key: string): number | null => {
  const value = context[key]
  if (typeof value === 'number' && Number.isFinite(value)) return value
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : null
}

export const recordOf = (value: unknown): Context | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null

/** The `error` of a context; whatever has no message is still an error. */
export function errorOf(context: Context): ErrorFacts | null {
  const value = context['error']
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return { kind: 'error', message: value }
  const parsed = errorFactsSchema.safeParse(value)
  return parsed.success ? parsed.data : { kind: 'error', message: JSON.stringify(value) }
}

export function warningsOf(context: Context): ViewWarning[] {
  const value = context['warnings']
  return Array.isArray(value) ? value.map(warningOf) : []
}

function warningOf(value: unknown): ViewWarning {
  const record = recordOf(value)
  if (record === null) return { kind: String(value), message: String(value), page: null }
  const kind = textOf(record, 'kind') ?? textOf(record, 'code') ?? 'warning'
  return { kind, message: textOf(record, 'message') ?? kind, page: numberOf(record, 'page') }
}

/** What a person calls an element: its own text, else its `name`, else its first text field, else its index. */
export function labelOf(element: unknown, index: number): string {
  if (typeof element === 'string' || isNumeric(element)) return String(element)
  const record = recordOf(element)
  if (record === null) return `#${index}`
  const named = ['name', 'label', 'title', 'key', 'id'].map((key) => record[key]).find(isNameLike)
  const first = named ?? Object.values(record).find(isNameLike)
  return first === undefined ? `#${index}` : String(first)
}

const isNameLike = (value: unknown): value is string | number | bigint =>
  (typeof value === 'string' && value !== '') || isNumeric(value)
