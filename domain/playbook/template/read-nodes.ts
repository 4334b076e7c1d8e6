import lexer from 'nunjucks/src/lexer.js'
import nunjucks, { type RawNode, type RawToken } from 'nunjucks/src/parser.js'

/** Brackets and blocks inside each other; the parser is recursive, so a deeper source must be refused while it is read. */
const MAX_NESTING = 64
const STATEMENTS: ReadonlySet<unknown> = new Set(['if', 'for', 'set'])
const CLOSING: Readonly<Record<string, string>> = {
  'left-paren': 'right-paren',
  'left-bracket': 'right-bracket',
  'left-curly': 'right-curly',
}
const BRACKET: Readonly<Record<string, string>> = { 'right-paren': ')', 'right-bracket': ']', 'right-curly': '}' }
/** What may follow a dot: `x.none` and `x.0` are members too. */
const MEMBER_TOKENS: ReadonlySet<string> = new Set(['symbol', 'int', 'none', 'boolean'])
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u
/** What the lexer makes of the beginning of a number with an exponent, and how that goes on in the text. */
const EXPONENTS: readonly { type: string; after: RegExp; exponent: RegExp }[] = [
  { type: 'float', after: /^\d+\.\d+$/, exponent: /^[eE][+-]?\d+(?![\p{L}\p{N}_])/u },
  { type: 'symbol', after: /^\d+[eE]$/, exponent: /^[+-]\d+(?![\p{L}\p{N}_])/u },
  { type: 'symbol', after: /^\d+[eE]\d+$/, exponent: /^/ },
]
const MAX_EXPONENT = 16
const ADDITIVE: Readonly<Record<string, string>> = { '+': 'Add', '-': 'Sub' }
const MULTIPLICATIVE: Readonly<Record<string, string>> = { '*': 'Mul', '/': 'Div', '//': 'FloorDiv', '%': 'Mod' }

/**
 * Reads a template with nunjucks' parser, the only part of nunjucks that is used: nothing is ever compiled or run by it.
 * Throws nunjucks' error with `lineno` and `colno` from 1.
 */
export function readNodes(source: string): RawNode {
  return new TemplateParser(lexer.lex(source)).parseAsRoot()
}

/** nunjucks' parser with Jinja's precedence, slices and nested conditions, and without any tag but if, for and set. */
class TemplateParser extends nunjucks.Parser {
  private nesting = 0
  private openBraces = 0

  override nextToken(withWhitespace?: boolean): RawToken | null {
    const isNew = this.peeked === null || this.peeked.type === 'whitespace'
    const read = super.nextToken(withWhitespace)
    if (read === null) return null
    const token = isNew ? this.withExponent(read) : read
    if (token.type === 'symbol' && !IDENTIFIER.test(String(token.value))) {
      this.fail(`unexpected ${String(token.value)}`, token.lineno, token.colno)
    }
    if (token.type === 'regex') this.fail('regular expressions are not part of templates', token.lineno, token.colno)
    if (token.type === 'string' && this.tokens.index > this.tokens.len) {
      this.fail('the text that starts here has no closing quote', token.lineno, token.colno)
    }
    if (token.type === 'variable-end' && token.value === '}}' && this.openBraces > 0) return this.splitBraces(token)
    return token
  }

  /** `1e5` and `1.5e-3`, which the lexer takes for a name, or for a number and a name. */
  private withExponent(token: RawToken): RawToken {
    const begun = String(token.value)
    const pattern = EXPONENTS.find(({ type, after }) => token.type === type && after.test(begun))?.exponent
    const rest = pattern?.exec(this.tokens.str.slice(this.tokens.index, this.tokens.index + MAX_EXPONENT))?.[0]
    if (rest === undefined) return token
    this.tokens.index += rest.length
    this.tokens.colno += rest.length
    return { ...token, type: 'float', value: begun + rest }
  }

  /** `{{ {'a': {}} }}`: the lexer takes the first `}}` for the end of the variable. */
  private splitBraces(token: RawToken): RawToken {
    this.tokens.index -= 1
    this.tokens.colno -= 1
    this.tokens.in_code = true
    return { ...token, type: 'right-curly', value: '}' }
  }

  override parseStatement(): RawNode | null {
    const token = this.peekToken()
    if (token === null) return this.fail('a tag is not finished')
    const closing = this.breakOnBlocks?.some((name) => name === token.value) === true
    if (!closing && !STATEMENTS.has(token.value)) {
      this.fail(
        `the tag ${String(token.value)} is not part of templates; if, for and set are`,
        token.lineno,
        token.colno,
      )
    }
    return this.nested(token, () => super.parseStatement())
  }

  override parseInlineIf(): RawNode {
    const body = this.parseOr()
    if (!this.skipSymbol('if')) return body
    const cond = this.parseOr()
    const otherwise = this.skipSymbol('else') ? this.nested(body, () => this.parseInlineIf()) : null
    return { typename: 'InlineIf', lineno: body.lineno, colno: body.colno, body, cond, else_: otherwise }
  }

  override parseNot(): RawNode {
    const token = this.peekToken()
    let count = 0
    while (this.skipSymbol('not')) count += 1
    let node = this.parseIn()
    for (; count > 0; count -= 1) {
      node = { typename: 'Not', lineno: token?.lineno ?? 0, colno: token?.colno ?? 0, target: node }
    }
    return node
  }

  override parseAdd(): RawNode {
    return this.leftToRight(ADDITIVE, () => this.parseMul())
  }

  override parseMul(): RawNode {
    return this.leftToRight(MULTIPLICATIVE, () => this.parsePow())
  }

  private leftToRight(operators: Readonly<Record<string, string>>, operand: () => RawNode): RawNode {
    let node = operand()
    for (;;) {
      const token = this.peekToken()
      const typename = token?.type === 'operator' ? operators[String(token.value)] : undefined
      if (token === null || typename === undefined) return node
      this.nextToken()
      node = { typename, lineno: token.lineno, colno: token.colno, left: node, right: operand() }
    }
  }

  override parseUnary(noFilters?: boolean): RawNode {
    const signs: RawToken[] = []
    for (let token = this.peekToken(); isSign(token); token = this.peekToken()) {
      signs.push(token)
      this.nextToken()
    }
    let node = this.parsePrimary()
    for (const sign of signs.reverse()) {
      const typename = sign.value === '-' ? 'Neg' : 'Pos'
      node = { typename, lineno: sign.lineno, colno: sign.colno, target: node }
    }
    return noFilters === true ? node : this.parseFilter(node)
  }

  override parsePrimary(noPostfix?: boolean): RawNode {
    const token = this.peekToken()
    const big = token?.type === 'int' && !Number.isSafeInteger(Number(token.value))
    if (token === null || !big) return super.parsePrimary(noPostfix)
    this.nextToken()
    return { typename: 'Literal', lineno: token.lineno, colno: token.colno, value: BigInt(String(token.value)) }
  }

  override parsePostfix(node: RawNode): RawNode {
    let result = node
    for (let token = this.peekToken(); token !== null; token = this.peekToken()) {
      const { lineno, colno } = token
      if (token.type === 'left-paren') {
        const args = this.nested(token, () => this.parseSignature())
        result = { typename: 'FunCall', lineno, colno, name: result, args }
      } else if (token.type === 'left-bracket') {
        result = this.parseIndex(result)
      } else if (token.type === 'operator' && token.value === '.') {
        this.nextToken()
        const name = this.nextToken()
        if (name === null || !MEMBER_TOKENS.has(name.type)) {
          return this.fail('a name is expected after the dot', lineno, colno)
        }
        const value = String(name.value)
        const val = { typename: 'Literal', lineno: name.lineno, colno: name.colno, value }
        result = { typename: 'LookupVal', lineno: name.lineno, colno: name.colno, target: result, val }
      } else {
        return result
      }
    }
    return result
  }

  private parseIndex(target: RawNode): RawNode {
    const open = this.nextToken() ?? this.fail('an index is not finished')
    const parts: (RawNode | null)[] = [null]
    this.nested(open, () => {
      while (!this.skip('right-bracket')) {
        if (this.skip('colon')) parts.push(null)
        else if (parts.at(-1) === null) parts[parts.length - 1] = this.parseExpression()
        else this.fail('] is expected here')
      }
    })
    const place = { lineno: open.lineno, colno: open.colno, target }
    const [from, to, step] = parts
    if (parts.length > 3) this.fail('a slice has at most three parts', open.lineno, open.colno)
    if (parts.length > 1) return { typename: 'Slice', ...place, from, to, step: step ?? null }
    if (from === null) this.fail('the index is empty', open.lineno, open.colno)
    return { typename: 'LookupVal', ...place, val: from }
  }

  override parseFilterArgs(_node: RawNode): RawNode[] {
    const token = this.peekToken()
    if (token?.type !== 'left-paren') return []
    const { children } = this.nested(token, () => this.parseSignature())
    return Array.isArray(children) ? children : []
  }

  override parseAggregate(): RawNode | null {
    const open = this.nextToken()
    const closing = open === null ? undefined : CLOSING[open.type]
    if (open === null || closing === undefined) return null
    const isObject = closing === 'right-curly'
    if (isObject) this.openBraces += 1
    const children: RawNode[] = []
    let trailingComma = false
    this.nested(open, () => {
      while (!this.skip(closing)) {
        if (children.length > 0 && !trailingComma) this.fail(`, or ${BRACKET[closing]} is expected here`)
        children.push(isObject ? this.parsePair() : this.parseExpression())
        trailingComma = this.skip('comma')
      }
    })
    if (isObject) this.openBraces -= 1
    const place = { lineno: open.lineno, colno: open.colno, children }
    if (isObject) return { typename: 'Dict', ...place }
    const lone = closing === 'right-paren' && children.length === 1 && !trailingComma
    return { typename: lone ? 'Group' : 'Array', ...place }
  }

  private parsePair(): RawNode {
    const key = this.parsePrimary()
    if (!this.skip('colon')) this.fail('a colon is expected after the key', key.lineno, key.colno)
    return { typename: 'Pair', lineno: key.lineno, colno: key.colno, key, value: this.parseExpression() }
  }

  private nested<T>(place: { lineno: number; colno: number }, read: () => T): T {
    if (this.nesting >= MAX_NESTING) {
      this.fail(`nested more than ${MAX_NESTING} levels deep`, place.lineno, place.colno)
    }
    this.nesting += 1
    const result = read()
    this.nesting -= 1
    return result
  }
}

const isSign = (token: RawToken | null): token is RawToken =>
  token?.type === 'operator' && (token.value === '-' || token.value === '+')
