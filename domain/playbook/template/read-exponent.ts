import type { RawToken, Tokenizer } from 'nunjucks/src/parser.js'

/** What the lexer makes of the beginning of a number with an exponent, and how that goes on in the text. */
const EXPONENTS: readonly { type: string; after: RegExp; exponent: RegExp }[] = [
  { type: 'float', after: /^\d+\.\d+$/, exponent: /^[eE][+-]?\d+(?![\p{L}\p{N}_])/u },
  { type: 'symbol', after: /^\d+[eE]$/, exponent: /^[+-]\d+(?![\p{L}\p{N}_])/u },
  { type: 'symbol', after: /^\d+[eE]\d+$/, exponent: /^/ },
]
const MAX_EXPONENT = 16

/** `1e5` and `1.5e-3`, which the lexer takes for a name, or for a number and a name; any other token as it is. */
export function withExponent(token: RawToken, tokens: Tokenizer): RawToken {
  const begun = String(token.value)
  const pattern = EXPONENTS.find(({ type, after }) => token.type === type && after.test(begun))?.exponent
  const rest = pattern?.exec(tokens.str.slice(tokens.index, tokens.index + MAX_EXPONENT))?.[0]
  if (rest === undefined) return token
  tokens.index += rest.length
  tokens.colno += rest.length
  return { ...token, type: 'float', value: begun + rest }
}
