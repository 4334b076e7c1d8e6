import type { Tokenizer } from 'nunjucks/src/parser.js'

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}
/** How many digits of which base follow. */
const CODES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }
const OCTAL = /^[0-7]{1,3}/

/**
 * The text between the quote the tokenizer stands on and the next one, with Python's escapes: the lexer's own drops the
 * backslash of those it doesn't know, `"\d"` as well as `"\u00e9"`. Throws an error with `lineno` and `colno` from 1.
 */
export function readTextLiteral(tokens: Tokenizer, quote: string): string {
  const parts: string[] = []
  tokens.forward()
  while (!tokens.isFinished() && tokens.current() !== quote) {
    parts.push(tokens.current() === '\\' ? readEscape(tokens) : tokens.current())
    tokens.forward()
  }
  tokens.forward()
  return parts.join('')
}

/** Stands on the backslash before, and on the last character of the escape after. */
function readEscape(tokens: Tokenizer): string {
  const place = { lineno: tokens.lineno + 1, colno: tokens.colno + 1 }
  tokens.forward()
  const letter = tokens.current()
  const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined
  if (plain !== undefined) return plain
  const octal = OCTAL.exec(tokens.str.slice(tokens.index, tokens.index + 3))?.[0]
  if (octal !== undefined) {
    skip(tokens, octal.length - 1)
    return String.fromCodePoint(Number.parseInt(octal, 8))
  }
  const length = Object.hasOwn(CODES, letter) ? CODES[letter] : undefined
  if (length === undefined) return `\\${letter}`
  const digits = tokens.str.slice(tokens.index + 1, tokens.index + 1 + length)
  const code = digits.length === length && /^[\da-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN
  if (!(code <= 0x10_ff_ff)) {
    throw Object.assign(
      new Error(`\\${letter} needs ${length} digits of a character; write \\\\ for a backslash`),
      place,
    )
  }
  skip(tokens, length)
  return String.fromCodePoint(code)
}

function skip(tokens: Tokenizer, count: number): void {
  for (let left = count; left > 0; left -= 1) tokens.forward()
}
