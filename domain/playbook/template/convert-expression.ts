import type { RawNode } from 'nunjucks/src/parser.js'
import { checkFilter, checkFunction, checkMethod, checkTest } from './check-call'
import type { TextPlaces } from './text-places'
import { TemplateError } from './template-error'
import type { Arguments, BinaryOperator, CompareOperator, Expression, Place } from './syntax'

/** Chains such as a ~ b ~ c lean to one side, and evaluation is recursive. */
const MAX_DEPTH = 400

const BINARY: Readonly<Record<string, BinaryOperator>> = {
  Add: '+',
  Sub: '-',
  Mul: '*',
  Div: '/',
  FloorDiv: '//',
  Mod: '%',
  Pow: '**',
  Concat: '~',
}
const COMPARE: Readonly<Record<string, CompareOperator>> = {
  '==': '==',
  '===': '==',
  '!=': '!=',
  '!==': '!=',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
  in: 'in',
  'not in': 'not in',
}
const CONSTANTS: ReadonlyMap<string, null | boolean> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
])

/** One expression out of the parser's nodes. Throws TemplateError for every node that isn't on the list. */
export function convertExpression(node: RawNode, places: TextPlaces, depth: number): Expression {
  const at = places.at(node.lineno, node.colno)
  if (depth > MAX_DEPTH) throw new TemplateError('the expression has too many parts', at)
  const sub = (field: string): Expression => convertExpression(rawNode(node, field), places, depth + 1)
  const optional = (field: string): Expression | null => (node[field] === null ? null : sub(field))
  const list = (): Expression[] =>
    rawNodes(node, 'children').map((child) => convertExpression(child, places, depth + 1))

  switch (node.typename) {
    case 'Literal':
      return { at, kind: 'literal', value: literalValue(node.value, at) }
    case 'Symbol':
      return convertName(node, at)
    case 'Group': {
      const [inner, ...more] = list()
      if (inner === undefined || more.length > 0) throw new TemplateError('one expression is expected in ( )', at)
      return inner
    }
    case 'Array':
      return { at, kind: 'list', items: list() }
    case 'Dict':
      return { at, kind: 'object', entries: convertEntries(node, places, depth) }
    case 'LookupVal':
      return { at, kind: 'member', target: sub('target'), key: sub('val') }
    case 'Slice':
      return {
        at,
        kind: 'slice',
        target: sub('target'),
        from: optional('from'),
        to: optional('to'),
        step: optional('step'),
      }
    case 'Not':
      return { at, kind: 'not', operand: sub('target') }
    case 'Neg':
    case 'Pos':
      return { at, kind: 'sign', negative: node.typename === 'Neg', operand: sub('target') }
    case 'And':
    case 'Or':
      return {
        at,
        kind: 'logic',
        operator: node.typename === 'And' ? 'and' : 'or',
        left: sub('left'),
        right: sub('right'),
      }
    case 'In':
      return { at, kind: 'in', item: sub('left'), container: sub('right') }
    case 'Is':
      return convertTest(node, places, depth)
    case 'Compare':
      return { at, kind: 'compare', first: sub('expr'), rest: convertComparisons(node, places, depth) }
    case 'InlineIf':
      return { at, kind: 'choice', condition: sub('cond'), whenTrue: sub('body'), whenFalse: optional('else_') }
    case 'Filter': {
      const name = nameOf(rawNode(node, 'name'), at)
      const [input, ...rest] = rawNodes(rawNode(node, 'args'), 'children')
      if (input === undefined) throw new TemplateError('a filter needs something before the |', at)
      const args = convertArguments(rest, places, depth)
      checkFilter(name, args, at)
      return { at, kind: 'filter', name, input: convertExpression(input, places, depth + 1), args }
    }
    case 'FunCall':
      return convertCall(node, places, depth)
    default: {
      const operator = Object.hasOwn(BINARY, node.typename) ? BINARY[node.typename] : undefined
      if (operator === undefined) throw new TemplateError(`${node.typename} is not part of templates`, at)
      return { at, kind: 'binary', operator, left: sub('left'), right: sub('right') }
    }
  }
}

/** A field that must hold a node; the parser leaves some empty when the source is odd. */
export function rawNode(node: RawNode, field: string): RawNode {
  const value = node[field]
  if (isNode(value)) return value
  throw new TypeError(`${node.typename} has no ${field}`)
}

/** A field that must hold nodes. */
export function rawNodes(node: RawNode, field: string): RawNode[] {
  const value = node[field]
  if (Array.isArray(value)) return value.filter(isNode)
  throw new TypeError(`${node.typename} has no ${field}`)
}

const isNode = (value: unknown): value is RawNode => typeof value === 'object' && value !== null && 'typename' in value

function literalValue(value: unknown, at: Place): null | boolean | number | bigint | string {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'string')
    return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new TemplateError('this value is not part of templates', at)
}

function nameOf(node: RawNode, at: Place): string {
  if (node.typename === 'Symbol' && typeof node.value === 'string') return node.value
  throw new TemplateError('a name is expected here', at)
}

function convertName(node: RawNode, at: Place): Expression {
  const name = nameOf(node, at)
  const constant = CONSTANTS.get(name)
  return constant === undefined ? { at, kind: 'name', name } : { at, kind: 'literal', value: constant }
}

function convertEntries(node: RawNode, places: TextPlaces, depth: number): { key: Expression; value: Expression }[] {
  return rawNodes(node, 'children').map((pair) => {
    const key = convertExpression(rawNode(pair, 'key'), places, depth + 1)
    if (key.kind === 'name') throw new TemplateError(`put the key in quotes: '${key.name}'`, key.at)
    return { key, value: convertExpression(rawNode(pair, 'value'), places, depth + 1) }
  })
}

function convertComparisons(node: RawNode, places: TextPlaces, depth: number) {
  return rawNodes(node, 'ops').map((operand) => {
    const operator = COMPARE[String(operand.type)]
    if (operator === undefined) throw new TypeError('comparison without operator')
    return { operator, value: convertExpression(rawNode(operand, 'expr'), places, depth + 1) }
  })
}

function convertTest(node: RawNode, places: TextPlaces, depth: number): Expression {
  const at = places.at(node.lineno, node.colno)
  const right = rawNode(node, 'right')
  const called = right.typename === 'FunCall'
  const named = called ? rawNode(right, 'name') : right
  const testAt = places.at(named.lineno, named.colno)
  const name = nameOf(named, testAt)
  const given = called ? rawNodes(rawNode(right, 'args'), 'children') : []
  const args = convertArguments(given, places, depth)
  checkTest(name, args, testAt)
  return { at, kind: 'test', name, operand: convertExpression(rawNode(node, 'left'), places, depth + 1), args }
}

function convertCall(node: RawNode, places: TextPlaces, depth: number): Expression {
  const callee = rawNode(node, 'name')
  const at = places.at(callee.lineno, callee.colno)
  const args = convertArguments(rawNodes(rawNode(node, 'args'), 'children'), places, depth)
  if (callee.typename === 'Symbol') {
    const name = nameOf(callee, at)
    checkFunction(name, args, at)
    return { at, kind: 'call', name, args }
  }
  const key = callee.typename === 'LookupVal' ? rawNode(callee, 'val') : null
  const method = key?.typename === 'Literal' ? key.value : undefined
  if (typeof method !== 'string') throw new TemplateError('only functions and methods by name can be called', at)
  checkMethod(method, args, at)
  const target = convertExpression(rawNode(callee, 'target'), places, depth + 1)
  return { at, kind: 'method', target, name: method, args }
}

function convertArguments(nodes: readonly RawNode[], places: TextPlaces, depth: number): Arguments {
  const args: Arguments = { positional: [], named: [] }
  for (const node of nodes) {
    if (node.typename !== 'KeywordArgs') {
      args.positional.push(convertExpression(node, places, depth + 1))
      continue
    }
    for (const pair of rawNodes(node, 'children')) {
      const name = nameOf(rawNode(pair, 'key'), places.at(pair.lineno, pair.colno))
      args.named.push({ name, value: convertExpression(rawNode(pair, 'value'), places, depth + 1) })
    }
  }
  return args
}
