import type { Json, JsonObject } from '@/domain/json'

/** A table of the keys of an object schema: what they take, their default, what they are for. Required keys are in bold. */
export function renderKeys(schema: JsonObject, skip: readonly string[] = []): string {
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const rows = Object.entries(objectOf(schema['properties'])).flatMap(([key, member]) => {
    if (skip.includes(key)) return []
    const property = objectOf(member)
    // With io "input" a key with a default is never required.
    const name = required.includes(key) ? `**\`${key}\`**` : `\`${key}\``
    const fallback = 'default' in property ? `\`${JSON.stringify(property['default'])}\`` : ''
    return [`| ${[name, typeWords(property), fallback, textOf(property['description'])].map(cell).join(' | ')} |`]
  })
  return ['| key | takes | default | |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

/** The schema of one member, `a.b` for one inside; a member of several forms gives the form whose key `type` or `tool` is `variant`. */
export function memberOf(schema: JsonObject, path: string, variant?: string): JsonObject {
  const found =
    path === '' ? schema : path.split('.').reduce((at, key) => objectOf(objectOf(at['properties'])[key]), schema)
  if (variant === undefined) return found
  const form = formsOf(found).find((each) => {
    const { type, tool } = objectOf(each['properties'])
    return objectOf(type)['const'] === variant || objectOf(tool)['const'] === variant
  })
  if (form === undefined) throw new Error(`the schema has no form ${variant} at ${path}`)
  return form
}

/** The alternatives of a schema. */
export const formsOf = (schema: JsonObject): JsonObject[] => {
  const forms = schema['oneOf'] ?? schema['anyOf']
  return Array.isArray(forms) ? forms.map(objectOf) : []
}

/** A description in the schema, or ''. */
export const describeSchema = (schema: JsonObject): string => textOf(schema['description'])

export const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}

function typeWords(schema: JsonObject): string {
  const forms = formsOf(schema)
  if (forms.length > 0) return [...new Set(forms.map(typeWords))].join(' or ')
  if ('const' in schema) return `\`${JSON.stringify(schema['const'])}\``
  if (Array.isArray(schema['enum'])) return schema['enum'].map((word) => `\`${textOf(word)}\``).join(', ')
  if (schema['format'] === 'template') return 'template'
  if (schema['format'] === 'path') return 'path'
  switch (schema['type']) {
    case 'integer':
      return 'whole number'
    case 'number':
      return 'number'
    case 'boolean':
      return 'true or false'
    case 'string':
      return schema['pattern'] === '\\{\\{' ? 'template' : 'text'
    case 'array': {
      const of = typeWords(objectOf(schema['items']))
      return `list of ${of}`
    }
    case 'object':
      return 'object'
    default:
      return 'anything'
  }
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** A text of the schema, or ''. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
