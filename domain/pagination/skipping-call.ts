import { OFFSET_NAMES } from './auto/paging-names'
import { plainName } from './auto/clues'
import { parameterText } from './build-url'
import type { PlannedCall } from './next-call'
import type { WarningNote } from './reconcile'

/** A larger number is a time and no offset. */
const LARGEST_OFFSET = 100_000_000

/** Says that a `next_call` moves an offset on by more than the items that came: where a server caps its pages, the rest of each is passed over. */
export function noteSkipping(
  sent: Readonly<Record<string, unknown>>,
  { page, pageItems }: { page: number; pageItems: number },
  next: PlannedCall | null,
): WarningNote[] {
  if (next === null || pageItems === 0) return []
  const changed = Object.entries(next.change.params ?? {})
  const move = changed
    .filter(([name]) => OFFSET_NAMES.includes(plainName(name)))
    .map(([name, value]) => ({ name, from: offsetOf(sent[name]) ?? 0, to: offsetOf(value) }))
    .find(({ from, to }) => to !== null && to - from > pageItems)
  if (move === undefined) return []
  const message = `page ${page} has ${pageItems} items and \`next_call\` moves \`${move.name}\` from ${move.from} to ${move.to}: what is in between may be passed over; add the number of items that came, or use \`paginate: {type: offset}\`, which does`
  return [{ kind: 'server_page_size_differs', message }]
}

function offsetOf(value: unknown): number | null {
  const text = parameterText(value)
  return /^\d{1,9}$/.test(text) && Number(text) < LARGEST_OFFSET ? Number(text) : null
}
