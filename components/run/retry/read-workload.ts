import { parseDocument } from 'yaml'
import type { Json } from '@/domain/json'

type ReadWorkload = { workload: Record<string, Json>; error: null } | { workload: null; error: string }

/** Inputs as somebody wrote them, JSON or YAML, integers beyond 2^53 as their digits, in text; an error says what is wrong and where. */
export function readWorkload(text: string): ReadWorkload {
  const document = parseDocument(text, { version: '1.2', prettyErrors: true, intAsBigInt: true })
  const [first] = document.errors
  if (first !== undefined) {
    const line = first.linePos?.[0].line
    const words = first.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? ''
    return { workload: null, error: `${line === undefined ? '' : `Line ${line}: `}${words}.`.replace('..', '.') }
  }
  const value: unknown = document.toJS({ maxAliasCount: 0 })
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { workload: null, error: 'The inputs must be an object of names and values.' }
  try {
    return { workload: JSON.parse(JSON.stringify(value, kept)), error: null }
  } catch (error) {
    if (error instanceof NotJson) return { workload: null, error: error.message }
    throw error
  }
}

class NotJson extends Error {}

function kept(key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new NotJson(`${key}: ${value} is no number that JSON can hold.`)
  return value
}
