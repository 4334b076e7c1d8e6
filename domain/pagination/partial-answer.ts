import { cutText } from '../cut-text'
import { digitsAsText } from '../json-precise'
import { isObject } from './item-path'
import type { WarningNote } from './reconcile'

/**
 * Says that a good answer names errors, or says of itself that it is not whole: search engines answer with what they found
 * in time, and several APIs put what went wrong beside an empty list.
 */
export function notePartial(body: unknown, page: number): WarningNote[] {
  if (!isObject(body)) return []
  const signs = [
    ...['errors', 'error'].filter((name) => isSaid(body[name])).map((name) => `\`${name}\`: ${shown(body[name])}`),
    ...['timed_out', 'incomplete_results'].filter((name) => body[name] === true).map((name) => `\`${name}\`: true`),
    ...failedShards(body['_shards']),
  ]
  if (signs.length === 0) return []
  const message = `page ${page} is a good answer, but has ${signs.join(' and ')}; items may be missing; \`fail_when\` makes it an error of the page, or says that it is none`
  return [{ kind: 'partial_answer', message }]
}

/** A flag or a code may as well say that there is no error. */
const isSaid = (value: unknown): boolean =>
  (typeof value === 'string' && value.trim() !== '') ||
  (Array.isArray(value) && value.length > 0) ||
  (isObject(value) && Object.keys(value).length > 0 && Number(value['code'] ?? 1) !== 0)

const failedShards = (shards: unknown): string[] =>
  isObject(shards) && typeof shards['failed'] === 'number' && shards['failed'] > 0
    ? [`\`_shards.failed\`: ${shards['failed']}`]
    : []

const shown = (value: unknown): string => cutText(JSON.stringify(value, digitsAsText), 200)
