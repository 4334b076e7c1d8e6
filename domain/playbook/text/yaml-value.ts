import { isAlias, isMap, isScalar, isSeq, type Alias, type Document, type Node, type Scalar, type YAMLMap } from 'yaml'
import { pointerTo } from './json-pointer'

const MAX_DEPTH = 100
const MAX_VALUES = 50_000
const MAX_ALIASES = 20
const CYCLIC = 'an alias may not point to what contains it'

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
  /** Keys that their object has already. */
  repeated: readonly Scalar[]
}

type Reading = {
  document: Document.Parsed
  places: Map<string, YamlPlace>
  values: number
  aliases: number
  open: Node[]
  repeated: Set<Scalar>
}

/** The document's data: null-prototype objects, whole numbers beyond 53 bits as bigint, aliases and merge keys expanded within limits. */
export function yamlValue(document: Document.Parsed): YamlValue {
  const reading: Reading = { document, places: new Map(), values: 0, aliases: 0, open: [], repeated: new Set() }
  const told = (value: unknown, refusal: YamlRefusal | null): YamlValue => ({
    value,
    places: reading.places,
    refusal,
    repeated: [...reading.repeated],
  })
  const root = document.contents
  if (root === null) return told(null, null)
  try {
    return told(read(root, { pointer: '', key: null }, reading), null)
  } catch (error) {
    if (error instanceof Refused) return told(null, error.refusal)
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
  if (reading.open.includes(node)) refuse('cyclic_alias', CYCLIC, node)
  reading.places.set(where.pointer, { key: where.key, node })
  reading.open.push(node)
  const value = readNode(node, where, reading)
  reading.open.pop()
  return value
}

function readNode(node: Node, where: { pointer: string; key: Scalar | null }, reading: Reading): unknown {
  if (isAlias(node)) return read(targetOf(node, reading), where, reading)
  if (isScalar(node)) return scalarValue(node)
  if (isSeq<Node>(node)) {
    return node.items.map((item, index) => read(item, { pointer: pointerTo(where.pointer, index), key: null }, reading))
  }
  const result: Record<string, unknown> = Object.create(null)
  if (!isMap<Scalar, Node | null>(node)) return result
  for (const [name, { key, value }] of entriesOf(node, reading)) {
    const at = { pointer: pointerTo(where.pointer, name), key }
    if (value === null) reading.places.set(at.pointer, { key, node: key })
    result[name] = value === null ? null : read(value, at, reading)
  }
  return result
}

function targetOf(alias: Alias, reading: Reading): Node {
  reading.aliases += 1
  if (reading.aliases > MAX_ALIASES) refuse('too_many_aliases', `at most ${MAX_ALIASES} aliases are allowed`, alias)
  const target = alias.resolve(reading.document)
  return target ?? refuse('unknown_anchor', `there is no anchor \`${alias.source}\` before this`, alias)
}

type Entry = { key: Scalar; value: Node | null }

/** An object's entries by name, what `<<` merges into it included: its own win, then those of the first that has them. */
function entriesOf(map: YAMLMap<Scalar, Node | null>, reading: Reading): Map<string, Entry> {
  const names = new Set<string>()
  let merges = false
  for (const { key } of map.items) {
    const isRepeated = isMergeKey(key) ? merges : names.has(String(key.value))
    if (isRepeated) reading.repeated.add(key)
    if (isMergeKey(key)) merges = true
    else names.add(String(key.value))
  }
  const entries = new Map<string, Entry>()
  for (const { key, value } of map.items) {
    if (!isMergeKey(key)) {
      entries.set(String(key.value), { key, value })
      continue
    }
    for (const [name, entry] of mergedEntries(key, value, reading)) {
      if (!names.has(name) && !entries.has(name)) entries.set(name, entry)
    }
  }
  return entries
}

/** In quotes it is a key like any other. */
const isMergeKey = (key: Scalar): boolean => key.value === '<<' && key.type === 'PLAIN'

function mergedEntries(key: Scalar, value: Node | null, reading: Reading): [string, Entry][] {
  const sources: (Node | null)[] = isSeq<Node>(value) ? value.items : [value]
  return sources.flatMap((source) => {
    const map = isAlias(source) ? targetOf(source, reading) : source
    if (!isMap<Scalar, Node | null>(map)) {
      return refuse('invalid_merge', '`<<` merges an object, as *name, or a list of them', source ?? key)
    }
    if (reading.open.includes(map)) return refuse('cyclic_alias', CYCLIC, source ?? key)
    reading.open.push(map)
    const entries = [...entriesOf(map, reading)]
    reading.open.pop()
    return entries
  })
}

function scalarValue(node: Scalar): unknown {
  const { value } = node
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value !== 'number') return refuse('unsupported_value', 'this kind of value is not part of playbooks', node)
  if (!Number.isFinite(value)) return refuse('unsupported_value', 'numbers must be finite', node)
  return value
}
