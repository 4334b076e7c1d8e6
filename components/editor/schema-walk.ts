import type { Json, JsonObject } from '@/domain/json'

export type SchemaKey = {
  name: string
  description: string | null
  isRequired: boolean
  isMapping: boolean
  isList: boolean
}

/** All schemas that can apply at a path of keys ("*" is an item of a list), references and alternatives opened. */
function schemasAt(root: JsonObject, path: readonly string[]): JsonObject[] {
  let found = alternatives(root, root)
  for (const key of path) {
    found = found.flatMap((schema) => childSchemas(schema, key)).flatMap((child) => alternatives(root, child))
  }
  return found
}

function childSchemas(schema: JsonObject, key: string): JsonObject[] {
  const items = asObject(schema['items'])
  if (key === '*') return items === null ? [] : [items]
  const property = asObject(asObject(schema['properties'])?.[key])
  const other = asObject(schema['additionalProperties'])
  return [property ?? other].filter((child) => child !== null)
}

const DEEPEST = 12

function alternatives(root: JsonObject, schema: JsonObject, depth = 0): JsonObject[] {
  if (depth > DEEPEST) return []
  const reference = schema['$ref']
  if (typeof reference === 'string') {
    const target = lookUp(root, reference)
    return target === null ? [] : alternatives(root, target, depth + 1)
  }
  const options = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => asList(schema[word]))
  const opened = options.flatMap((option) => alternatives(root, option, depth + 1))
  return options.length === 0 || schema['properties'] !== undefined ? [schema, ...opened] : opened
}

const lookUp = (root: JsonObject, reference: string): JsonObject | null =>
  reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .reduce<JsonObject | null>((at, part) => asObject(at?.[part.replaceAll('~1', '/').replaceAll('~0', '~')]), root)

/** The keys that may stand in a mapping at a path; what is written beside them rules out alternatives (`tool: http`). */
export function keysAt(root: JsonObject, path: readonly string[], written: Written = {}): SchemaKey[] {
  const keys = new Map<string, SchemaKey>()
  const schemas = schemasAt(root, path).filter(
    (schema) => schema['properties'] !== undefined && agrees(schema, written),
  )
  for (const schema of schemas) {
    for (const [name, property] of Object.entries(asObject(schema['properties']) ?? {})) {
      const child = asObject(property) ?? {}
      const opened = alternatives(root, child)
      const known = keys.get(name)
      keys.set(name, {
        name,
        description: known?.description ?? descriptionOf([child, ...opened]),
        isRequired: schemas.every((one) => isRequiredIn(one, name)),
        isMapping: opened.some((option) => option['type'] === 'object'),
        isList: opened.some((option) => option['type'] === 'array'),
      })
    }
  }
  return [...keys.values()]
}

const isRequiredIn = ({ required }: JsonObject, name: string): boolean =>
  Array.isArray(required) && required.includes(name)

/** Scalars that stand in a mapping already, by key. */
type Written = Readonly<Record<string, string>>

/** False for an alternative that fixes another value, or is closed to a key that is there. */
function agrees(schema: JsonObject, written: Written): boolean {
  const properties = asObject(schema['properties']) ?? {}
  const isClosed = schema['additionalProperties'] === false
  return Object.entries(written).every(([name, value]) => {
    const property = asObject(properties[name])
    const fixed = property?.['const']
    if (typeof fixed === 'string') return fixed === value
    // A key that must stay away has no JSON Schema of its own: it comes out empty, without even a description.
    if (property !== null && Object.keys(property).length === 0) return false
    return !isClosed || name in properties
  })
}

/** The values a key may have, where they can be listed. */
export function valuesAt(root: JsonObject, path: readonly string[]): string[] {
  const values = schemasAt(root, path).flatMap((schema): Json[] => {
    if (schema['const'] !== undefined) return [schema['const']]
    if (Array.isArray(schema['enum'])) return schema['enum']
    return schema['type'] === 'boolean' ? [true, false] : []
  })
  return [...new Set(values.filter((value) => value !== null && typeof value !== 'object').map(String))]
}

/** What the schema says of the thing at a path. */
export const describeAt = (root: JsonObject, path: readonly string[]): string | null => {
  const key = path.at(-1)
  return key === undefined
    ? null
    : (keysAt(root, path.slice(0, -1)).find(({ name }) => name === key)?.description ?? null)
}

function descriptionOf(schemas: readonly JsonObject[]): string | null {
  const found = schemas.map((schema) => schema['description']).find((text) => typeof text === 'string')
  return typeof found === 'string' ? found : null
}

const asObject = (value: Json | undefined): JsonObject | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null

const asList = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.map(asObject).filter((one) => one !== null) : []
