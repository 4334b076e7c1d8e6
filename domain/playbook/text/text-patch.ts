import { isMap, isScalar, parseDocument, stringify, type Node, type Scalar, type YAMLMap } from 'yaml'
import type { Json, JsonObject } from '../../json'

/** Replace `text.slice(from, to)` by `insert`. */
export type TextEdit = { from: number; to: number; insert: string }

export type ScalarValue = string | number | boolean | null

/**
 * The edit that gives the scalar at a path a new value and touches nothing else: comments, quotes of other values and
 * line breaks stay. A last key that is missing is added to its object. Null when there is no such place, when something
 * larger than a scalar stands there, or when the text can't be read.
 */
export function setScalar(text: string, path: readonly (string | number)[], value: ScalarValue): TextEdit | null {
  const document = parseDocument(text, { stringKeys: true, logLevel: 'silent' })
  if (document.errors.length > 0) return null
  const node: unknown = document.getIn(path, true)
  if (isScalar(node)) return replaceScalar(text, node, value)
  const key = path.at(-1)
  if (node !== undefined || typeof key !== 'string') return null
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  return isMap<Scalar, Node | null>(parent) ? addKey(text, parent, { key, value }) : null
}

/**
 * The edit that adds a key with an object to the object at a path: as lines of its own, behind the last of the keys of
 * `behind` that is there. Null when there is no such place, when the key is there, or when the text can't be read.
 */
export function addObject(
  text: string,
  path: readonly (string | number)[],
  entry: { key: string; value: JsonObject; behind: readonly string[] },
): TextEdit | null {
  const document = parseDocument(text, { stringKeys: true, logLevel: 'silent' })
  const parent: unknown = document.errors.length > 0 ? null : document.getIn(path, true)
  if (!isMap<Scalar, Node | null>(parent) || parent.has(entry.key)) return null
  const pair = parent.items.findLast(({ key }) => entry.behind.includes(String(key.value))) ?? parent.items.at(-1)
  const [first] = parent.items
  const end = pair?.value?.range?.[1] ?? pair?.key.range?.[1]
  const start = first?.key.range?.[0]
  if (end === undefined || start === undefined) return null
  if (parent.flow === true) return { from: end, to: end, insert: `, ${entry.key}: ${flowText(entry.value)}` }
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1))
  const lines = stringify({ [entry.key]: entry.value }, { lineWidth: 0 }).trimEnd()
  return onLinesBehind(text, end, lines.replaceAll(/^/gm, indent))
}

/** The one edit that makes `after` of `before`. */
export function editBetween(before: string, after: string): TextEdit {
  const most = Math.min(before.length, after.length)
  let from = 0
  while (from < most && before[from] === after[from]) from += 1
  let same = 0
  while (same < most - from && before.at(-1 - same) === after.at(-1 - same)) same += 1
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) }
}

/** The text after an edit. */
export const applyEdit = (text: string, { from, to, insert }: TextEdit): string =>
  text.slice(0, from) + insert + text.slice(to)

function replaceScalar(text: string, node: Scalar, value: ScalarValue): TextEdit | null {
  if (!node.range) return null
  const [from, to] = node.range
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
  if (isBlock) return { from, to, insert: `${written(value, 'QUOTE_DOUBLE')}\n` }
  const gap = /[:-]/.test(text.charAt(from - 1)) ? ' ' : ''
  return { from, to, insert: gap + written(value, node.type) }
}

function addKey(
  text: string,
  parent: YAMLMap<Scalar, Node | null>,
  entry: { key: string; value: ScalarValue },
): TextEdit | null {
  const line = `${written(entry.key, 'PLAIN')}: ${written(entry.value, 'PLAIN')}`
  const last = parent.items.at(-1)
  const end = last?.value?.range?.[1] ?? last?.key.range?.[1]
  const first = parent.items[0]?.key.range?.[0]
  if (end === undefined || first === undefined || !parent.range) {
    const [from, to] = parent.range ?? [0, 0]
    return text.slice(from, to).startsWith('{') ? { from, to, insert: `{ ${line} }` } : null
  }
  if (parent.flow === true) return { from: end, to: end, insert: `, ${line}` }
  const indent = ' '.repeat(first - (text.lastIndexOf('\n', first - 1) + 1))
  return onLinesBehind(text, end, `${indent}${line}`)
}

/** A block ends with its last line break; any other value leaves the rest of its line, a comment, where it is. */
function onLinesBehind(text: string, end: number, lines: string): TextEdit {
  if (text.slice(0, end).endsWith('\n')) return { from: end, to: end, insert: `${lines}\n` }
  const lineEnd = text.indexOf('\n', end)
  const at = lineEnd === -1 ? text.length : lineEnd
  return { from: at, to: at, insert: `\n${lines}` }
}

/** A value on one line, inside or outside of a flow collection. */
function flowText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return written(value, 'PLAIN')
  const entries = Object.entries(value).map(([key, member]) => `${written(key, 'PLAIN')}: ${flowText(member)}`)
  return `{ ${entries.join(', ')} }`
}

/** One scalar on one line; a text that reads as something else, or would break a flow collection, gets quotes. */
function written(value: ScalarValue, type: Scalar['type'] | undefined): string {
  if (typeof value !== 'string') return String(value)
  const needsQuotes = /[{}[\],#&*!|>%@`"'\n\t]|: |:$|^[-?:] |^\s|\s$|^$/.test(value)
  const quoted = type === 'QUOTE_SINGLE' && !/[\n\t]/.test(value) ? 'QUOTE_SINGLE' : 'QUOTE_DOUBLE'
  const keepsQuotes = type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE'
  const defaultStringType = needsQuotes || keepsQuotes ? quoted : 'PLAIN'
  return stringify(value, { defaultStringType, lineWidth: 0, doubleQuotedMinMultiLineLength: 1_000_000 }).trimEnd()
}
