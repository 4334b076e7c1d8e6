import { readClues } from './auto/clues'
import { isCount } from './auto/is-count'
import { identityKey } from './auto/item-prints'
import { TOTAL } from './auto/paging-names'
import { isObject } from './item-path'

const COUNTS: ReadonlySet<string> = new Set([
  ...TOTAL,
  'resultcount',
  'resultsizeestimate',
  'numberreturned',
  'returned',
])

/** True for a body that says itself that it has no items: all of its counts are 0, and it reports no error. */
export function countsNothing(body: unknown): boolean {
  if (!isObject(body) || body['error'] !== undefined || body['errors'] !== undefined) return false
  const isOne = identityKey(body) !== null
  // What has an id may be an item that counts something of its own.
  const counts = readClues(body, null).filter(
    ({ name, value }) => COUNTS.has(name) && isCount(value) && (!isOne || name.startsWith('total')),
  )
  return counts.length > 0 && counts.every(({ value }) => Number(value) === 0)
}
