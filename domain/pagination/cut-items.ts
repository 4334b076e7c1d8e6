import { hashJson } from './content-hash'
import { readBodyPath, type BodyPath } from './item-path'
import { seenBefore, type LoopGuardMemory } from './loop-guard'

type CutSettings = {
  page: number
  dedupe: BodyPath | null
  seen: LoopGuardMemory
  /** Conditions over `item`; null: none. */
  isLast: ((item: unknown) => boolean) | null
  isWanted: ((item: unknown) => boolean) | null
  /** How many more items may be kept; null: no limit. */
  room: number | null
}

export type CutItems = {
  kept: readonly unknown[]
  /** False: `kept` is the page's items as they came. */
  changed: boolean
  duplicates: number
  /** True when `isLast` cut the page. */
  cutByItem: boolean
  /** True when items were left out for want of room. */
  cutByRoom: boolean
  /** `d:` fingerprints of the keys this page brought. */
  keys: string[]
}

/** What of a page is kept: up to the first item that ends the run, without repeats and unwanted items, as long as there is room. */
export function cutItems(items: readonly unknown[], settings: CutSettings): CutItems {
  const end = settings.isLast === null ? -1 : items.findIndex(settings.isLast)
  const upTo = end === -1 ? items : items.slice(0, end)
  const { unique, keys } = dropRepeats(upTo, settings)
  const wanted = settings.isWanted === null ? unique : unique.filter(settings.isWanted)
  const kept = settings.room === null || wanted.length <= settings.room ? wanted : wanted.slice(0, settings.room)
  return {
    kept,
    changed: kept.length !== items.length,
    duplicates: upTo.length - unique.length,
    cutByItem: end !== -1,
    cutByRoom: kept.length < wanted.length,
    keys,
  }
}

/** An item without the key is kept: it can't be told whether it came before. */
function dropRepeats(items: readonly unknown[], settings: CutSettings): { unique: readonly unknown[]; keys: string[] } {
  const { dedupe, seen, page } = settings
  if (dedupe === null) return { unique: items, keys: [] }
  const keys = new Set<string>()
  const unique = items.filter((item) => {
    const reading = readBodyPath(item, dedupe)
    if (!reading.found) return true
    const key = `d:${hashJson(reading.value)}`
    if (keys.has(key) || seenBefore(seen, key, page) !== null) return false
    keys.add(key)
    return true
  })
  return { unique, keys: [...keys] }
}
