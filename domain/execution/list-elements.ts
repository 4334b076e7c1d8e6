import { CUT } from '../cut-text'
import { stringifyWithDigits } from '../json-precise'
import { isDataObject } from '../playbook/template/values'

const MAX_LISTED = 100
const MAX_LISTED_BYTES = 32 * 1024
/** An element whose JSON is longer is shortened. */
const MAX_ELEMENT = 4 * 1024
const SHORT = { text: 200, list: 10, members: 20 }

/**
 * The first elements of a collection as an event holds them, large ones shortened; `note` says what is missing, or is null.
 * What it costs does not depend on how large an element is.
 */
export function listElements(elements: readonly unknown[]): { listed: unknown[]; note: string | null } {
  const listed: unknown[] = []
  let isShort = false
  let bytes = 0
  for (const element of elements.slice(0, MAX_LISTED)) {
    const isLarge = !fits(element, { left: MAX_ELEMENT })
    const shown = isLarge ? shortened(element, { left: MAX_ELEMENT }) : element
    bytes += new TextEncoder().encode(stringifyWithDigits(shown)).length
    if (bytes > MAX_LISTED_BYTES) break
    listed.push(shown)
    isShort ||= isLarge
  }
  const first = listed.length < elements.length ? [`the first ${listed.length} of ${elements.length} elements`] : []
  const notes = [...first, ...(isShort ? ['large elements are shortened'] : [])]
  return { listed, note: notes.length === 0 ? null : notes.join('; ') }
}

type Room = { left: number }

/** True when about so many characters hold it all; looks no further than they reach. */
function fits(value: unknown, room: Room): boolean {
  room.left -= typeof value === 'string' ? value.length + 2 : 5
  if (room.left < 0) return false
  if (Array.isArray(value)) return value.every((item) => fits(item, room))
  if (!isDataObject(value)) return true
  for (const key in value) if (!fits(key, room) || !fits(value[key], room)) return false
  return true
}

/** The beginning of each text, list and object in it, names of members kept while there is room. */
function shortened(value: unknown, room: Room): unknown {
  if (typeof value === 'string') return shortText(value, room)
  room.left -= 5
  if (Array.isArray(value)) {
    const items = value.slice(0, SHORT.list).flatMap((item) => (room.left > 0 ? [shortened(item, room)] : []))
    return items.length < value.length ? [...items, CUT] : items
  }
  if (!isDataObject(value)) return value
  const entries: [string, unknown][] = []
  for (const key in value) {
    if (entries.length === SHORT.members || room.left <= 0) return Object.fromEntries([...entries, [CUT, CUT]])
    entries.push([shortText(key, room), shortened(value[key], room)])
  }
  return Object.fromEntries(entries)
}

function shortText(text: string, room: Room): string {
  const short = text.length > SHORT.text ? `${text.slice(0, SHORT.text).toWellFormed()}${CUT}` : text
  room.left -= short.length + 2
  return short
}
