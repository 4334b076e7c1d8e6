import { stringifyPreciseJson } from '../json-precise'

/** A hash of a text, or of its bytes in UTF-8, that tells 10^9 texts apart; the same for both. */
export type Digest = (text: string | Uint8Array) => string

/** Hash of a parsed JSON value, by its JSON text: to write it and hash that natively is five times as fast as to walk the value. */
export const hashJson = (value: unknown, digest: Digest = digestText): string => digest(jsonText(value))

/** Hash of a text, or of its bytes in UTF-8. */
export const hashText = (text: string | Uint8Array, digest: Digest = digestText): string => digest(text)

function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    // Integers beyond 2^53 are bigint.
    return stringifyPreciseJson(value)
  }
}

const WORDS_A_BLOCK = 4
const CHARACTERS_A_BLOCK = 2 * WORDS_A_BLOCK

/** MurmurHash3 x86 128 over UTF-16 code units, for whoever has no native digest at hand. Not cryptographic. */
function digestText(given: string | Uint8Array): string {
  const text = typeof given === 'string' ? given : new TextDecoder().decode(given)
  let [a, b, c, d] = [1, 2, 3, 4]
  // Past the end of the text `charCodeAt` is NaN, which counts as 0; the length is in the hash.
  const word = (at: number): number => text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16)
  for (let at = 0; at < text.length; at += CHARACTERS_A_BLOCK) {
    a ^= scrambled(word(at), 0x239b961b, 15, 0xab0e9789)
    a = (Math.imul(rotated(a, 19) + b, 5) + 0x561ccd1b) | 0
    b ^= scrambled(word(at + 2), 0xab0e9789, 16, 0x38b34ae5)
    b = (Math.imul(rotated(b, 17) + c, 5) + 0x0bcaa747) | 0
    c ^= scrambled(word(at + 4), 0x38b34ae5, 17, 0xa1e38b93)
    c = (Math.imul(rotated(c, 15) + d, 5) + 0x96cd1c35) | 0
    d ^= scrambled(word(at + 6), 0xa1e38b93, 18, 0x239b961b)
    d = (Math.imul(rotated(d, 13) + a, 5) + 0x32ac3b17) | 0
  }
  const sum = (a ^ text.length) + b + c + d
  return [sum, sum + b, sum + c, sum + d].map((lane) => avalanche(lane).toString(16).padStart(8, '0')).join('')
}

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

const scrambled = (word: number, by: number, turn: number, then: number): number =>
  Math.imul(rotated(Math.imul(word, by), turn), then)

function avalanche(lane: number): number {
  let h = lane | 0
  h = Math.imul(h ^ (h >>> 16), -0x7a143595)
  h = Math.imul(h ^ (h >>> 13), -0x3d4d51cb)
  return (h ^ (h >>> 16)) >>> 0
}
