import { cutText } from './cut-text'
import type { Json } from './json'
import { digitsAsText, parsePreciseJson } from './json-precise'

/** A number that JSON may hold and a double may not: where it stands, as a dotted path, and what it is. */
export type LostNumber = { path: string; message: string }

export type ExactJson = {
  /** Integers beyond 2^53 as their digits, in text, wherever `keeps` is true. */
  value: Json
  lost: LostNumber[]
}

/**
 * Reads JSON without rounding an integer: one beyond 2^53 becomes its digits, in text, below the keys that `keeps` is
 * true for, and is listed as lost elsewhere; so is a number too large for any double. Nested by what `JSON.parse` and a
 * recursion take. Throws SyntaxError for what is no JSON.
 */
export function readExactJson(text: string, keeps: (topKey: string) => boolean = () => true): ExactJson {
  const value: Json = JSON.parse(text)
  if (isPlain(value)) return { value, lost: [] }
  const precise = parsePreciseJson(text)
  const lost: LostNumber[] = []
  look(precise, [], keeps, lost)
  return { value: JSON.parse(JSON.stringify(precise, digitsAsText)), lost }
}

/** True when no number is beyond what a double holds exactly. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER
  return typeof value !== 'object' || value === null || Object.values(value).every(isPlain)
}

function look(value: unknown, at: readonly string[], keeps: (topKey: string) => boolean, lost: LostNumber[]): void {
  if (typeof value === 'bigint' && !keeps(at[0] ?? '')) {
    lost.push({ path: at.join('.'), message: `${cutText(String(value), 40)} is beyond 2^53: here it would be rounded` })
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    lost.push({ path: at.join('.'), message: 'this number is too large to be kept; give it as text' })
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) look(member, [...at, key], keeps, lost)
}
