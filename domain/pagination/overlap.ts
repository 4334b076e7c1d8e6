import { identityKey } from './auto/item-prints'
import { hashJson, type Digest } from './content-hash'
import type { LoopGuardMemory } from './loop-guard'

type Overlap = {
  /** Items at the begin of the page that ended the page before. */
  repeated: number
  /** The `l:` fingerprint of its last item. */
  fingerprints: string[]
}

/** So many items of the begin are compared: pages shift by what was added in the meantime, which is little. */
const MOST_COMPARED = 10

/**
 * Where a page overlaps the one before, because items came in ahead of them or a bound is inclusive. Only an item with an
 * id that is the same in every other field as well counts as one that came again.
 */
export function findOverlap(
  items: readonly unknown[],
  { page, seen, digest }: { page: number; seen: LoopGuardMemory; digest?: Digest | undefined },
): Overlap {
  const print = (item: unknown): string => `l:${hashJson(item, digest)}`
  const last = items.at(-1)
  const fingerprints = identityKey(last) === null ? [] : [print(last)]
  const begin = page === 1 ? [] : items.slice(0, MOST_COMPARED)
  const at = begin.findIndex((item) => identityKey(item) !== null && seen.get(print(item)) === page - 1)
  return { repeated: at + 1, fingerprints }
}
