/** The parts of nunjucks' parser that are used; its own types cover the public entry only. */
declare module 'nunjucks/src/parser.js' {
  export type RawToken = { type: string; value: unknown; lineno: number; colno: number }
  export type RawNode = { typename: string; lineno: number; colno: number; [field: string]: unknown }
  export type Tokenizer = {
    str: string
    index: number
    len: number
    lineno: number
    colno: number
    in_code: boolean
    current(): string
    forward(): void
    isFinished(): boolean
    _parseString: (quote: string) => string
  }

  class Parser {
    constructor(tokens: Tokenizer)
    tokens: Tokenizer
    peeked: RawToken | null
    breakOnBlocks: string[] | null
    nextToken(withWhitespace?: boolean): RawToken | null
    peekToken(): RawToken | null
    pushToken(token: RawToken | null): void
    fail(message: string, lineno?: number, colno?: number): never
    skip(type: string): boolean
    skipValue(type: string, value: string): boolean
    skipSymbol(name: string): boolean
    parseAsRoot(): RawNode
    parseStatement(): RawNode | null
    parseFor(): RawNode
    parseUntilBlocks(...names: string[]): RawNode
    advanceAfterBlockEnd(name?: string): RawToken | null
    parseExpression(): RawNode
    parseInlineIf(): RawNode
    parseOr(): RawNode
    parseNot(): RawNode
    parseIn(): RawNode
    parseConcat(): RawNode
    parseAdd(): RawNode
    parseMul(): RawNode
    parsePow(): RawNode
    parseUnary(noFilters?: boolean): RawNode
    parsePrimary(noPostfix?: boolean): RawNode
    parsePostfix(node: RawNode): RawNode
    parseFilter(node: RawNode): RawNode
    parseFilterArgs(node: RawNode): RawNode[]
    parseAggregate(): RawNode | null
    parseSignature(tolerant?: boolean | null, noParens?: boolean): RawNode
  }
  const parser: { Parser: typeof Parser }
  export default parser
}

declare module 'nunjucks/src/lexer.js' {
  import type { Tokenizer } from 'nunjucks/src/parser.js'
  const lexer: { lex(source: string): Tokenizer }
  export default lexer
}
