import { hashJson } from '../content-hash'
import { isObject } from '../item-path'

const IDENTITY = ['id', '_id', 'uuid', 'guid', 'key', 'slug']
const MOST_ITEMS = 2_000

/** `i:` fingerprints of a page's first 2,000 items, by which a second page is told from the first: an item's id, or all of it where it has none. */
export const itemPrints = (items: readonly unknown[]): string[] => [
  ...new Set(items.slice(0, MOST_ITEMS).map((item) => `i:${hashJson(identityOf(item))}`)),
]

function identityOf(item: unknown): unknown {
  if (!isObject(item)) return item
  const name = IDENTITY.find((key) => ['string', 'number', 'bigint'].includes(typeof item[key]))
  return name === undefined ? item : [name, item[name]]
}
