import type { RawNode } from 'nunjucks/src/parser.js'
import { convertExpression, rawNode, rawNodes } from './convert-expression'
import type { TextPlaces } from './text-places'
import { TemplateError } from './template-error'
import type { Block } from './syntax'

/** Loop variables and `set` may not hide what a playbook means by these. */
const RESERVED: ReadonlySet<string> = new Set(['secret', 'loop', 'true', 'false', 'none', 'True', 'False', 'None'])

/** The parser's nodes, each one checked, as the closed set of blocks. Throws TemplateError for any other node. */
export function convertNodes(root: RawNode, places: TextPlaces): Block[] {
  return rawNodes(root, 'children').flatMap((node) => convertBlock(node, places))
}

function convertBlock(node: RawNode, places: TextPlaces): Block[] {
  const at = places.at(node.lineno, node.colno)
  switch (node.typename) {
    case 'NodeList':
    case 'Output':
      return rawNodes(node, 'children').flatMap((child) => convertBlock(child, places))
    case 'TemplateData':
      return typeof node.value === 'string' && node.value !== '' ? [{ kind: 'text', text: node.value }] : []
    case 'If': {
      const condition = convertExpression(rawNode(node, 'cond'), places, 0)
      return [{ kind: 'if', condition, body: bodyOf(node, 'body', places), otherwise: bodyOf(node, 'else_', places) }]
    }
    case 'For': {
      const names = rawNodes(node, 'children').map((each) => nameToSet(each, places))
      const list = convertExpression(rawNode(node, 'arr'), places, 0)
      const when = isNode(node.cond) ? convertExpression(node.cond, places, 0) : null
      const body = bodyOf(node, 'body', places)
      return [{ kind: 'for', at, names, list, when, body, otherwise: bodyOf(node, 'else_', places) }]
    }
    case 'Set': {
      const targets = rawNodes(node, 'targets')
      const [target] = targets
      if (target === undefined || targets.length > 1) throw new TemplateError('set takes one name', at)
      if (!isNode(node.value)) throw new TemplateError('set needs a value: {% set name = … %}', at)
      return [{ kind: 'set', name: nameToSet(target, places), value: convertExpression(node.value, places, 0) }]
    }
    default:
      return [{ kind: 'output', value: convertExpression(node, places, 0) }]
  }
}

const isNode = (value: unknown): value is RawNode => typeof value === 'object' && value !== null && 'typename' in value

function bodyOf(node: RawNode, field: string, places: TextPlaces): Block[] {
  const body = node[field]
  return isNode(body) ? convertBlock(body, places) : []
}

function nameToSet(node: RawNode, places: TextPlaces): string {
  const at = places.at(node.lineno, node.colno)
  if (node.typename !== 'Symbol' || typeof node.value !== 'string')
    throw new TemplateError('a name is expected here', at)
  if (RESERVED.has(node.value)) throw new TemplateError(`the name ${node.value} is taken`, at)
  return node.value
}
