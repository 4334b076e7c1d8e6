import lexer from 'nunjucks/src/lexer.js'
import nunjucks, { type RawNode, type RawToken } from 'nunjucks/src/parser.js'
import { withExponent } from './read-exponent'
import { readTextLiteral } from './read-text-literal'

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
const COMPARISONS: ReadonlySet<unknown> = new Set(['==', '===', '!=', '!==', '<', '>', '<=', '>='])
/** What the name of a test may be, and what its one argument may begin with: no word that goes on with the expression. */
const TEST_NAMES: ReadonlySet<string> = new Set(['symbol', 'none', 'boolean'])
const ARGUMENTS: ReadonlySet<string> = new Set([...TEST_NAMES, 'string', 'int', 'float', ...Object.keys(CLOSING)])
const GOING_ON: ReadonlySet<unknown> = new Set(['if', 'else', 'and', 'or', 'not', 'in', 'is'])
const ADDITIVE: Readonly<Record<string, string>> = { '+': 'Add', '-': 'Sub' }
const MULTIPLICATIVE: Readonly<Record<string, string>> = { '*': 'Mul', '/': 'Div', '//': 'FloorDiv', '%': 'Mod' }

/**
 * Reads a template with nunjucks' parser, the only part of nunjucks that is used: nothing is ever compiled or run by it.
 * Throws nunjucks' error with `lineno` and `colno` from 1.
 */
export function readNodes(source: string): RawNode {
  const tokens = lexer.lex(source)
  tokens._parseString = (quote) => readTextLiteral(tokens, quote)
  return new TemplateParser(tokens).parseAsRoot()
}

/** nunjucks' parser with Jinja's precedence, slices and nested conditions, and without any tag but if, for and set. */
class TemplateParser extends nunjucks.Parser {
  private nesting = 0
  private openBraces = 0

  override nextToken(withWhitespace?: boolean): RawToken | null {
    const isNew = this.peeked === null || this.peeked.type === 'whitespace'
    const read = super.nextToken(withWhitespace)
    if (read === null) return null
    const token = isNew ? withExponent(read, this.tokens) : read
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

  /** Here and not by nunjucks, which takes the condition of a loop for a choice between its list and nothing. */
  override parseFor(): RawNode {
    const { lineno, colno } = this.nextToken() ?? this.fail('a tag is not finished')
    const inBrackets = this.skip('left-paren')
    const children = [this.parsePrimary()]
    while (this.skip('comma')) children.push(this.parsePrimary())
    if (inBrackets && !this.skip('right-paren')) this.fail(', or ) is expected here')
    if (!this.skipSymbol('in')) this.fail('expected "in"', lineno, colno)
    const list = this.parseOr()
    const cond = this.skipSymbol('if') ? this.parseOr() : null
    const otherwise = cond !== null && this.skipSymbol('else') ? this.nested(list, () => this.parseInlineIf()) : null
    this.advanceAfterBlockEnd('for')
    const body = this.parseUntilBlocks('endfor', 'else')
    const isElse = this.skipSymbol('else')
    if (isElse) this.advanceAfterBlockEnd('else')
    const else_ = isElse ? this.parseUntilBlocks('endfor') : null
    this.advanceAfterBlockEnd()
    const place = { lineno: list.lineno, colno: list.colno }
    const arr = otherwise === null ? list : { typename: 'InlineIf', ...place, body: list, cond, else_: otherwise }
    return { typename: 'For', lineno, colno, children, arr, cond: otherwise === null ? cond : null, body, else_ }
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
    for (; count > 0; count -= 1) node = inverted(node, token ?? node)
    return node
  }

  /** All comparisons, of which `in` is one. */
  override parseIn(): RawNode {
    const expr = this.parseConcat()
    const ops: (RawNode & { expr: RawNode })[] = []
    for (let token = this.peekToken(); token !== null; token = this.peekToken()) {
      const { lineno, colno } = token
      const compares = token.type === 'operator' && COMPARISONS.has(token.value)
      if (compares) this.nextToken()
      const inverts = !compares && this.skipSymbol('not')
      if (!compares && !this.skipSymbol('in')) {
        if (inverts) this.fail('expected "in"', lineno, colno)
        break
      }
      const found = inverts ? 'not in' : 'in'
      const type = compares ? token.value : found
      ops.push({ typename: 'CompareOperand', lineno, colno, type, expr: this.parseConcat() })
    }
    const [first] = ops
    if (first === undefined) return expr
    if (ops.length > 1 || COMPARISONS.has(first.type))
      return { typename: 'Compare', lineno: first.lineno, colno: first.colno, expr, ops }
    const found = { typename: 'In', lineno: expr.lineno, colno: expr.colno, left: expr, right: first.expr }
    return first.type === 'in' ? found : inverted(found, expr)
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

  /** Filters and tests, from left to right. */
  override parseFilter(node: RawNode): RawNode {
    let result = super.parseFilter(node)
    while (this.skipSymbol('is')) result = super.parseFilter(this.parseTest(result))
    return result
  }

  private parseTest(left: RawNode): RawNode {
    const inverts = this.skipSymbol('not')
    const name = this.peekToken()
    if (name === null || !TEST_NAMES.has(name.type)) return this.fail('the name of a test is expected after is')
    this.nextToken()
    const right = this.parseTestArguments({ ...name, typename: 'Symbol', value: String(name.value) })
    const test = { typename: 'Is', lineno: left.lineno, colno: left.colno, left, right }
    return inverts ? inverted(test, left) : test
  }

  private parseTestArguments(name: RawNode): RawNode {
    const token = this.peekToken()
    if (token === null || !ARGUMENTS.has(token.type) || (token.type === 'symbol' && GOING_ON.has(token.value)))
      return name
    const children = token.type === 'left-paren' ? this.parseFilterArgs(name) : [this.parsePrimary()]
    const args = { typename: 'NodeList', lineno: token.lineno, colno: token.colno, children }
    return { typename: 'FunCall', lineno: name.lineno, colno: name.colno, name, args }
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

const inverted = (target: RawNode, { lineno, colno }: { lineno: number; colno: number }): RawNode => ({
  typename: 'Not',
  lineno,
  colno,
  target,
})

const isSign = (token: RawToken | null): token is RawToken =>
  token?.type === 'operator' && (token.value === '-' || token.value === '+')
