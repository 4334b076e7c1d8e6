import { parsePreciseJson, stringifyExactly, stringifyWithDigits } from '@/domain/json-precise'
import { jsonbText } from './to-jsonb'

/** What may be an integer that a double rounds. */
const LONG_NUMBER = /\d{16}/

/** As `toJsonb`, with integers beyond 2^53 as the numbers they are: what reads the column takes it as text. */
export const toExactJsonb = (value: unknown): string => jsonbText(stringifyExactly(value))

/** The value of such a column by its text, integers beyond 2^53 as bigint. */
export function fromExactJsonb(text: string | null): unknown {
  if (text === null) return null
  return LONG_NUMBER.test(text) ? parsePreciseJson(text) : JSON.parse(text)
}

/** The same as plain JSON for whoever knows no bigint: such integers as their digits, in text. */
export function plainOfExactJsonb(text: string | null): unknown {
  return text === null ? null : JSON.parse(stringifyWithDigits(fromExactJsonb(text)) ?? 'null')
}
