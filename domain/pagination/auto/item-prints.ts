import { hashJson } from '../content-hash'
import { isObject } from '../item-path'

const IDENTITY = ['id', '_id', 'uuid', 'guid', 'key', 'slug']
const MOST_ITEMS = 2_000

/** `i:` fingerprints of a page's first 2,000 items, by which a second page is told from the first: an item's id, or all of it where it has none. */
export const itemPrints = (items: readonly unknown[]): string[] => [
  ...new Set(items.slice(0, MOST_ITEMS).map((item) => `i:${hashJson(identityOf(item))}`)),
]

function identityOf(item: unknown): unknown {
  const name = identityKey(item)
  return name === null || !isObject(item) ? item : [name, item[name]]
}

/** The key that tells an item from others; null where it has none. */
export function identityKey(item: unknown): string | null {
  if (!isObject(item)) return null
  return IDENTITY.find((key) => ['string', 'number', 'bigint'].includes(typeof item[key])) ?? null
}
