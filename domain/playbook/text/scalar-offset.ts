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
  for (let index = 0; index < Math.min(offset, value.length) && at < end; index += 1) {
    at = afterCharacter({ text, at, end, character: value.charAt(index), type: scalar.type })
  }
  return skipFold(text, at, end, value.charAt(offset))
}

type Step = { text: string; at: number; end: number; character: string; type: Scalar['type'] }

function afterCharacter({ text, at, end, character, type }: Step): number {
  const escapes = type === 'QUOTE_DOUBLE'
  const doubles = type === 'QUOTE_SINGLE'
  for (let here = at; here < end; here += 1) {
    const found = text.charAt(here)
    if (escapes && found === '\\') {
      const escape = readEscape(text, here)
      if (escape.value === character) return here + escape.length
      here += escape.length - 1
    } else if (found === character) {
      return doubles && character === "'" && text.charAt(here + 1) === "'" ? here + 2 : here + 1
    } else if (character === ' ' && found === '\n') {
      return here + 1
    }
  }
  return end
}

function readEscape(text: string, at: number): { value: string | null; length: number } {
  const letter = text.charAt(at + 1)
  const digits = { x: 2, u: 4, U: 8 }[letter]
  if (digits !== undefined) {
    const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16)
    return { value: code <= 0xffff ? String.fromCharCode(code) : null, length: 2 + digits }
  }
  return { value: letter === '\n' ? null : (ESCAPED[letter] ?? letter), length: 2 }
}

/** Over indentation and folds, to the character itself. */
function skipFold(text: string, at: number, end: number, character: string): number {
  if (character === '' || /\s/.test(character)) return at
  let here = at
  while (here < end && /\s/.test(text.charAt(here))) here += 1
  return here
}
