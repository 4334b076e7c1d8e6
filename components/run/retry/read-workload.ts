import { parseDocument } from 'yaml'
import type { Json } from '@/domain/json'

type ReadWorkload = { workload: Record<string, Json>; error: null } | { workload: null; error: string }

/** Inputs as somebody wrote them, JSON or YAML; an error says what is wrong and in which line. */
export function readWorkload(text: string): ReadWorkload {
  const document = parseDocument(text, { version: '1.2', prettyErrors: true })
  const [first] = document.errors
  if (first !== undefined) {
    const line = first.linePos?.[0].line
    const words = first.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? ''
    return { workload: null, error: `${line === undefined ? '' : `Line ${line}: `}${words}.`.replace('..', '.') }
  }
  const value: unknown = document.toJS({ maxAliasCount: 0 })
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { workload: null, error: 'The inputs must be an object of names and values.' }
  return { workload: JSON.parse(JSON.stringify(value)), error: null }
}
