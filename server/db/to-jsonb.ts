import { digitsAsText } from '@/domain/json-precise'

/** What JSON.stringify writes and `jsonb` refuses: an escaped NUL, and a surrogate without its other half. */
const REFUSED = /(?<!\\)((?:\\\\)*)\\(u0000|ud[89a-f][0-9a-f]{2})/g

/**
 * JSON text that a `jsonb` column takes. An integer beyond 2^53 is kept as its digits, in text; NUL and lone surrogates are stored as the visible text of their escape
 * (`\u0000` as six characters) instead of failing the statement or being dropped.
 */
export const toJsonb = (value: unknown): string => jsonbText(jsonOf(value) ?? 'null')

/** With a function for each value it takes several times as long, which only what needs it shall cost. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return JSON.stringify(value, digitsAsText)
  }
}

/** The same for a value that is JSON text already. */
export const jsonbText = (text: string): string => (text.includes('\\u') ? text.replace(REFUSED, '$1\\\\$2') : text)
