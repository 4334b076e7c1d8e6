import { stringify } from 'yaml'
import type { JsonObject } from '../../json'
import { isObject } from '../item-path'

/**
 * The explicit `paginate:` block for what `auto` has chosen, as YAML. `written` is the author's own block: all of it but
 * its type is kept, and wins. `items` is the path that was found; null: none.
 */
export function writePaginate(choice: JsonObject, written: JsonObject = {}, items: string | null = null): string {
  const { type, stop, ...keys } = choice
  const { type: _auto, stop: writtenStop, ...writtenKeys } = written
  const stops = { ...(isObject(stop) ? stop : {}), ...(isObject(writtenStop) ? writtenStop : {}) }
  const block = {
    type,
    ...keys,
    ...(items === null ? {} : { items }),
    ...writtenKeys,
    ...(Object.keys(stops).length === 0 ? {} : { stop: stops }),
  }
  return stringify({ paginate: block }, { lineWidth: 0 })
}
