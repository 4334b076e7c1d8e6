import { valueAt } from './item-path'
import { seenBefore, type LoopGuardMemory } from './loop-guard'
import { show } from './page-signals'
import type { Paginator } from './paginator'
import type { WarningNote } from './reconcile'

type Asked = { page: number; token: number | string | null }

/** Left by the first page on which items next to each other share the field. */
const TIES = 'k:ties'

/**
 * Where a bound includes the item it was read from, the last page has nothing but items at the bound: shorter than a page
 * can be, or one item that `dedupe` knows. A full one may be all that a page holds of them, and asking again gets no further.
 */
export function isAllAtBound(
  { source, dedupe }: Paginator,
  { token }: Asked,
  { items, pageSize }: { items: readonly unknown[]; pageSize: number | null },
): boolean {
  if (source.type !== 'last_record' || token === null || items.length === 0) return false
  const isOver = items.length < (pageSize ?? 0) || (items.length === 1 && dedupe !== null)
  return isOver && items.every((item) => isToken(valueAt(item, source.field), token))
}

/**
 * Says that items may have been passed over: several share the field, and a page that does not begin with the value it was
 * asked by shows that the bound leaves out all that share it with the last item of a page. A total tells exactly.
 */
export function noteTies(
  { source }: Paginator,
  { page, token }: Asked,
  { items, seen, hasTotal }: { items: readonly unknown[]; seen: LoopGuardMemory; hasTotal: boolean },
): { fingerprints: string[]; warnings: WarningNote[] } {
  if (source.type !== 'last_record') return { fingerprints: [], warnings: [] }
  const values = items.map((item) => valueAt(item, source.field))
  const tied = values.findIndex((value, index) => index > 0 && value === values[index - 1])
  const isKnown = seenBefore(seen, TIES, page) !== null
  const fingerprints = tied === -1 || isKnown ? [] : [TIES]
  const isLeftOut = page > 1 && token !== null && (items.length === 0 || !isToken(values[0], token))
  if (hasTotal || !isLeftOut || (tied === -1 && !isKnown)) return { fingerprints, warnings: [] }
  const text = source.field.text
  const message = `several items have the same \`${text}\`, and page ${page} begins after ${show(token)}: items with that \`${text}\` that page ${page - 1} had no room for may be missing; page by a field that is unique, or let the bound include its value and set \`dedupe\``
  return { fingerprints, warnings: [{ kind: 'field_not_unique', message }] }
}

/** Integers beyond 2^53 are tokens in text. */
const isToken = (value: unknown, token: number | string): boolean => String(value) === String(token)
