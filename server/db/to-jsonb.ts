import { stringifyWithDigits } from '@/domain/json-precise'

/** What JSON.stringify writes and `jsonb` refuses: an escaped NUL, and a surrogate without its other half. */
const REFUSED = /(?<!\\)((?:\\\\)*)\\(u0000|ud[89a-f][0-9a-f]{2})/g

/**
 * JSON text that a `jsonb` column takes. An integer beyond 2^53 is kept as its digits, in text; NUL and lone surrogates as
 * the visible text of their escape (`\u0000` as six characters) instead of failing the statement or being dropped.
 */
export const toJsonb = (value: unknown): string => jsonbText(stringifyWithDigits(value) ?? 'null')

/** The same for a value that is JSON text already. */
export const jsonbText = (text: string): string => (text.includes('\\u') ? text.replace(REFUSED, '$1\\\\$2') : text)

/** Text that a `text` column takes: the same, in the same way. */
export const storableText = (text: string): string =>
  text.replace(/\0|\p{Surrogate}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
