/** Where something stands in the template's own text: `offset` from 0, `line` and `column` from 1. */
export type Place = { offset: number; line: number; column: number }

export type Arguments = { positional: Expression[]; named: { name: string; value: Expression }[] }

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '~'
export type CompareOperator = '==' | '!=' | '<' | '>' | '<=' | '>=' | 'in' | 'not in'

/** All that an expression can be: nothing outside this union is ever evaluated. */
export type Expression = { at: Place } & (
  | { kind: 'literal'; value: null | boolean | number | bigint | string }
  | { kind: 'name'; name: string }
  | { kind: 'member'; target: Expression; key: Expression }
  | { kind: 'slice'; target: Expression; from: Expression | null; to: Expression | null; step: Expression | null }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'object'; entries: { key: Expression; value: Expression }[] }
  | { kind: 'not'; operand: Expression }
  | { kind: 'sign'; negative: boolean; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'logic'; operator: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'in'; item: Expression; container: Expression }
  | { kind: 'compare'; first: Expression; rest: { operator: CompareOperator; value: Expression }[] }
  | { kind: 'test'; name: string; operand: Expression; args: Arguments }
  | { kind: 'choice'; condition: Expression; whenTrue: Expression; whenFalse: Expression | null }
  | { kind: 'filter'; name: string; input: Expression; args: Arguments }
  | { kind: 'call'; name: string; args: Arguments }
  | { kind: 'method'; target: Expression; name: string; args: Arguments }
)

export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'output'; value: Expression }
  | { kind: 'if'; condition: Expression; body: Block[]; otherwise: Block[] }
  | {
      kind: 'for'
      at: Place
      names: string[]
      list: Expression
      when: Expression | null
      body: Block[]
      otherwise: Block[]
    }
  | { kind: 'set'; name: string; value: Expression }

export type ParsedTemplate = {
  blocks: Block[]
  /** The one expression of a template that is nothing but `{{ expression }}`: it keeps its native value. */
  lone: Expression | null
}
