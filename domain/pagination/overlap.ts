import { identityKey } from './auto/item-prints'
import { hashJson, hashText, type Digest } from './content-hash'
import { isObject } from './item-path'
import type { LoopGuardMemory } from './loop-guard'
import type { WarningNote } from './reconcile'

type Overlap = {
  /** Items at the begin of the page that ended the page before. */
  repeated: number
  /** Of its last item, by its id (`l:`) and as a whole (`w:`). */
  fingerprints: string[]
  warnings: WarningNote[]
}

export const NO_OVERLAP: Overlap = { repeated: 0, fingerprints: [], warnings: [] }

/** So many items of the begin are compared: pages shift by what was added in the meantime, which is little. */
const MOST_COMPARED = 10

/**
 * Where a page overlaps the one before, because items came in ahead of them or a bound is inclusive. Only an item with an
 * id that is the same in every other field as well counts as one that came again. Ids are compared first: to hash ten whole
 * items of each page takes as long as to decide what follows.
 */
export function findOverlap(
  items: readonly unknown[],
  { page, seen, digest }: { page: number; seen: LoopGuardMemory; digest?: Digest | undefined },
): Overlap {
  const whole = (item: unknown): string => `w:${hashJson(item, digest)}`
  const endedPageBefore = (item: unknown): boolean => {
    const id = idPrint(item, digest)
    return id !== null && seen.get(id) === page - 1 && seen.get(whole(item)) === page - 1
  }
  const last = items.at(-1)
  const lastId = idPrint(last, digest)
  const begin = page === 1 ? [] : items.slice(0, MOST_COMPARED)
  const at = begin.findIndex(endedPageBefore)
  const repeated = at === -1 || isAmongOthers(items, at) ? 0 : at + 1
  return {
    repeated,
    fingerprints: lastId === null ? [] : [lastId, whole(last)],
    warnings: repeated === 0 ? [] : [repeatedItems(page, repeated)],
  }
}

/** What several items of a page have is no id of theirs. */
function isAmongOthers(items: readonly unknown[], at: number): boolean {
  const id = idOf(items[at])
  return items.some((item, index) => index !== at && idOf(item) === id)
}

const repeatedItems = (page: number, count: number): WarningNote => ({
  kind: 'repeated_items',
  message: `page ${page} begins with ${count} ${count === 1 ? 'item' : 'items'} of page ${page - 1}, because new ones came in ahead of them or a bound includes its value: they are in the result twice; set \`dedupe\``,
})

function idPrint(item: unknown, digest: Digest | undefined): string | null {
  const id = idOf(item)
  return id === null ? null : `l:${hashText(id, digest)}`
}

function idOf(item: unknown): string | null {
  const key = identityKey(item)
  return key === null || !isObject(item) ? null : String(item[key])
}
