import type { Scalar } from 'yaml'

const ESCAPED: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
}

/**
 * Where character `offset` of a scalar's value stands in the document. The value is its source less quotes, indentation
 * and folds, so walking both side by side and skipping what the value lacks finds it.
 */
export function offsetInSource(text: string, scalar: Scalar, offset: number): number {
  const [start, end] = scalar.range ?? [0, 0]
  const value = String(scalar.value)
  const quoted = scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE'
  const block = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED'
  let at = start + (quoted ? 1 : 0)
  if (block) at = text.indexOf('\n', start) + 1
  let index = 0
  while (index < Math.min(offset, value.length) && at < end) {
    const next = afterCharacter({ text, at, end, value, index, type: scalar.type })
    at = next.at
    index += next.characters
  }
  return skipFold(text, at, end, value.charAt(offset))
}

type Step = { text: string; at: number; end: number; value: string; index: number; type: Scalar['type'] }

/** Behind the next character of the value; an escape such as \U0001F600 writes two of them. */
function afterCharacter({ text, at, end, value, index, type }: Step): { at: number; characters: number } {
  const character = value.charAt(index)
  const escapes = type === 'QUOTE_DOUBLE'
  const doubles = type === 'QUOTE_SINGLE'
  for (let here = at; here < end; here += 1) {
    const found = text.charAt(here)
    if (escapes && found === '\\') {
      const escape = readEscape(text, here)
      if (escape.value !== null && value.startsWith(escape.value, index)) {
        return { at: here + escape.length, characters: escape.value.length }
      }
      here += escape.length - 1
    } else if (found === character) {
      const isDoubled = doubles && character === "'" && text.charAt(here + 1) === "'"
      return { at: here + (isDoubled ? 2 : 1), characters: 1 }
    } else if (character === ' ' && found === '\n') {
      return { at: here + 1, characters: 1 }
    }
  }
  return { at: end, characters: 1 }
}

function readEscape(text: string, at: number): { value: string | null; length: number } {
  const letter = text.charAt(at + 1)
  const digits = { x: 2, u: 4, U: 8 }[letter]
  if (digits !== undefined) {
    const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16)
    return { value: code <= 0x10ffff ? String.fromCodePoint(code) : null, length: 2 + digits }
  }
  if (letter === '\r' && text.charAt(at + 2) === '\n') return { value: null, length: 3 }
  return { value: letter === '\n' ? null : (ESCAPED[letter] ?? letter), length: 2 }
}

/** Over indentation, folds and a blank behind them that is written with a backslash, to the character itself. */
function skipFold(text: string, at: number, end: number, character: string): number {
  if (character === '' || /\s/.test(character)) return at
  let here = at
  while (here < end && (/\s/.test(text.charAt(here)) || isEscapedBlank(text, here, character))) here += 1
  return here
}

const isEscapedBlank = (text: string, at: number, wanted: string): boolean =>
  wanted !== '\\' && text.charAt(at) === '\\' && /\s/.test(text.charAt(at + 1))
