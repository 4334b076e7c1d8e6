import { stringify } from 'yaml'
import type { JsonObject } from '../../json'
import { isObject } from '../item-path'

/**
 * The explicit `paginate:` block for what `auto` has chosen, as YAML. `written` is the author's own block: all of it but
 * its type is kept, and wins. `items` is the path that was found; null: none.
 */
export const writePaginate = (choice: JsonObject, written: JsonObject = {}, items: string | null = null): string =>
  stringify({ paginate: explicitPaginate(choice, written, items) }, { lineWidth: 0 })

/** The same block as an object. */
export function explicitPaginate(choice: JsonObject, written: JsonObject, items: string | null): JsonObject {
  const { type = 'none', stop, ...keys } = choice
  const { type: _auto, stop: writtenStop, ...writtenKeys } = written
  const stops = { ...(isObject(stop) ? stop : {}), ...(isObject(writtenStop) ? writtenStop : {}) }
  return {
    type,
    ...keys,
    ...(items === null ? {} : { items }),
    ...writtenKeys,
    ...(Object.keys(stops).length === 0 ? {} : { stop: stops }),
  }
}
