import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Scalar } from 'yaml'
import { pointerTo } from './json-pointer'

const MAX_DEPTH = 100
const MAX_VALUES = 50_000
const MAX_ALIASES = 20

export type YamlPlace = {
  /** Null for the root and for list items. */
  key: Scalar | null
  node: Node
}

export type YamlRefusal = { code: string; message: string; hint: string | null; node: Node }

export type YamlValue = {
  value: unknown
  /** By JSON pointer. */
  places: ReadonlyMap<string, YamlPlace>
  refusal: YamlRefusal | null
}

type Reading = {
  document: Document.Parsed
  places: Map<string, YamlPlace>
  values: number
  aliases: number
  open: Node[]
}

/** The document's data: null-prototype objects, whole numbers beyond 53 bits as bigint, aliases expanded within limits. */
export function yamlValue(document: Document.Parsed): YamlValue {
  const reading: Reading = { document, places: new Map(), values: 0, aliases: 0, open: [] }
  const root = document.contents
  if (root === null) return { value: null, places: reading.places, refusal: null }
  try {
    return { value: read(root, { pointer: '', key: null }, reading), places: reading.places, refusal: null }
  } catch (error) {
    if (error instanceof Refused) return { value: null, places: reading.places, refusal: error.refusal }
    throw error
  }
}

class Refused extends Error {
  constructor(readonly refusal: YamlRefusal) {
    super(refusal.message)
  }
}

function refuse(code: string, message: string, node: Node): never {
  throw new Refused({ code, message, hint: null, node })
}

function read(node: Node, where: { pointer: string; key: Scalar | null }, reading: Reading): unknown {
  reading.values += 1
  if (reading.values > MAX_VALUES) refuse('too_large', `the playbook holds more than ${MAX_VALUES} values`, node)
  if (reading.open.length > MAX_DEPTH)
    refuse('too_deep', `the playbook is nested more than ${MAX_DEPTH} levels deep`, node)
  if (reading.open.includes(node)) refuse('cyclic_alias', 'an alias may not point to what contains it', node)
  reading.places.set(where.pointer, { key: where.key, node })
  reading.open.push(node)
  const value = readNode(node, where, reading)
  reading.open.pop()
  return value
}

function readNode(node: Node, where: { pointer: string; key: Scalar | null }, reading: Reading): unknown {
  if (isAlias(node)) {
    reading.aliases += 1
    if (reading.aliases > MAX_ALIASES) refuse('too_many_aliases', `at most ${MAX_ALIASES} aliases are allowed`, node)
    const target = node.resolve(reading.document)
    if (target === undefined) return refuse('unknown_anchor', `there is no anchor \`${node.source}\` before this`, node)
    return read(target, where, reading)
  }
  if (isScalar(node)) return scalarValue(node)
  if (isSeq<Node>(node)) {
    return node.items.map((item, index) => read(item, { pointer: pointerTo(where.pointer, index), key: null }, reading))
  }
  const result: Record<string, unknown> = Object.create(null)
  if (!isMap<Scalar, Node | null>(node)) return result
  for (const { key, value } of node.items) {
    const name = String(key.value)
    const at = { pointer: pointerTo(where.pointer, name), key }
    if (value === null) reading.places.set(at.pointer, { key, node: key })
    result[name] = value === null ? null : read(value, at, reading)
  }
  return result
}

function scalarValue(node: Scalar): unknown {
  const { value } = node
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value !== 'number') return refuse('unsupported_value', 'this kind of value is not part of playbooks', node)
  if (!Number.isFinite(value)) return refuse('unsupported_value', 'numbers must be finite', node)
  return value
}
