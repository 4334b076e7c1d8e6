import { identityKey } from './auto/item-prints'
import { hashJson, type Digest } from './content-hash'
import { isObject } from './item-path'
import { seenBefore, type LoopGuardMemory } from './loop-guard'
import type { WarningNote } from './reconcile'

type StaleReading = { isStale: boolean; fingerprints: string[]; warnings: WarningNote[] }

const FRESH: StaleReading = { isStale: false, fingerprints: [], warnings: [] }

/**
 * Tells a page whose items have the ids of an earlier page's: so does an API that ignores the page asked for and stamps each
 * answer. It is no end by itself: samples of the same things, page after page, look alike. One item alone, or an id that
 * comes twice on a page, says nothing. As many items between the same two ids are taken for the same: to keep all ids of each
 * page would cost more than to decide what follows it.
 */
export function readStale(
  items: readonly unknown[],
  { page, seen, digest }: { page: number; seen: LoopGuardMemory; digest?: Digest | undefined },
): StaleReading {
  const [first, last] = [identityOf(items[0]), identityOf(items.at(-1))]
  if (first === null || last === null || first === last) return FRESH
  const print = `p:${hashJson([items.length, first, last], digest)}`
  const before = seenBefore(seen, print, page)
  if (before === null) return { ...FRESH, fingerprints: [print] }
  const ids = items.map(identityOf)
  if (ids.includes(null) || new Set(ids).size < ids.length) return FRESH
  const message = `the ${items.length} items of page ${page} have the ids of those of page ${before}, and other content: check that the API reads the page asked for (\`param\`, \`in\`)`
  return { isStale: true, fingerprints: [], warnings: [{ kind: 'repeated_page', message }] }
}

function identityOf(item: unknown): string | null {
  const key = identityKey(item)
  return key === null || !isObject(item) ? null : `${key} ${String(item[key])}`
}
