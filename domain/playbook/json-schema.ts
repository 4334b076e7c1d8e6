import { z } from 'zod'
import type { JsonObject } from '../json'
import { playbookSchema } from './schema'

/** The language as JSON Schema, with descriptions, for completion and hovers. */
export function playbookJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(playbookSchema, { io: 'input', unrepresentable: 'any' })
  const copy: JsonObject = JSON.parse(JSON.stringify(schema))
  return copy
}
