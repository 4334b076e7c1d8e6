import type { JsonObject } from '../json'

/** The language as JSON Schema, for completion and hovers. */
export function playbookJsonSchema(): JsonObject {
  throw new Error('not written yet')
}
