import { DomainError } from '../domain-error'

type PathSegment =
  | { kind: 'key'; key: string }
  | { kind: 'index'; index: number }
  | { kind: 'each' }
  /** The first element of a list whose member of this name has this value. */
  | { kind: 'where'; key: string; value: string | number | boolean | null }

/** A path into a body: `text` as written, segments as read; [] is the whole body. */
export type BodyPath = { text: string; segments: readonly PathSegment[] }

type PathReading =
  /** `path` is where the value lies, null when `[*]` gathered it from several places. */
  { found: true; value: unknown; path: string[] | null } | { found: false; at: string[]; parent: unknown }

const TOKEN = /\.?([^.[\]]+)|\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+)|(\*))\s*\]|(\.)(?=\[)/y

const FILTER =
  /\.?\[\s*\?\s*\(?\s*@(?:\.([\w$-]+)|\[\s*(?:'([^']*)'|"([^"]*)")\s*\])\s*==\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+|true|false|null))\s*\)?\s*\]/y

/** Reads `a.b`, `['odd.key']`, `[0]`, `[*]`, `[?(@.rel=='next')]`, with or without a leading `$`; throws `invalid_playbook` on anything else. */
export function parseBodyPath(text: string): BodyPath {
  const written = text.trim()
  const source = written.startsWith('$') ? written.slice(1) : written
  const segments: PathSegment[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex
    FILTER.lastIndex = at
    const filter = FILTER.exec(source)
    if (filter !== null) {
      segments.push(filterOf(filter))
      TOKEN.lastIndex = FILTER.lastIndex
      continue
    }
    const match = TOKEN.exec(source)
    if (match === null) {
      throw new DomainError('invalid_playbook', `the path \`${text}\` can't be read from \`${source.slice(at)}\` on`, {
        hint: "write a.b.c, ['odd.key'], [0], [*], [?(@.rel=='next')], or $ for the whole body",
      })
    }
    const segment = segmentOf(match)
    if (segment !== null) segments.push(segment)
  }
  // `data[*]` says the same as `data`: the list that lies there.
  while (segments.at(-1)?.kind === 'each') segments.pop()
  return { text: written, segments }
}

function segmentOf(match: RegExpExecArray): PathSegment | null {
  const [, name, single, quoted, index, star] = match
  if (name === '*' || star !== undefined) return { kind: 'each' }
  if (name !== undefined) return { kind: 'key', key: name }
  const key = single ?? quoted
  if (key !== undefined) return { kind: 'key', key: key.replaceAll(/\\(.)/g, '$1') }
  return index === undefined ? null : { kind: 'index', index: Number(index) }
}

function filterOf([, name, single, quoted, text, doubled, plain]: readonly (string | undefined)[]): PathSegment {
  const written = (text ?? doubled)?.replaceAll(/\\(.)/g, '$1')
  return {
    kind: 'where',
    key: name ?? single ?? quoted ?? '',
    value: written ?? (JSON.parse(plain ?? 'null') as number | boolean | null),
  }
}

/** Follows a path through own members only; a key that holds dots itself (`@odata.nextLink`) is found without quotes. */
export function readBodyPath(body: unknown, path: BodyPath): PathReading {
  return follow(body, path.segments, [], gather)
}

/** The same for a path to items, which a `[*]` gathers: what is null in place of a list has none. */
export function readListPath(body: unknown, path: BodyPath): PathReading {
  return follow(body, path.segments, [], gatherItems)
}

/** The value at a path, or undefined. */
export function valueAt(body: unknown, path: BodyPath): unknown {
  const reading = readBodyPath(body, path)
  return reading.found ? reading.value : undefined
}

type Gather = (value: unknown, rest: readonly PathSegment[], at: string[]) => PathReading

function follow(value: unknown, segments: readonly PathSegment[], at: string[], each: Gather): PathReading {
  const [segment, ...rest] = segments
  if (segment === undefined) return { found: true, value, path: at }
  switch (segment.kind) {
    case 'each':
      return each(value, rest, at)
    case 'index': {
      const list: readonly unknown[] = Array.isArray(value) ? value : []
      const index = indexIn(list, segment.index)
      if (index === null) return { found: false, at, parent: value }
      return follow(list[index], rest, [...at, String(index)], each)
    }
    case 'where': {
      const list: readonly unknown[] = Array.isArray(value) ? value : []
      const index = list.findIndex((member) => hasOwn(member, segment.key) && member[segment.key] === segment.value)
      if (index === -1) return { found: false, at, parent: value }
      return follow(list[index], rest, [...at, String(index)], each)
    }
    case 'key': {
      let missing: PathReading | null = null
      for (let taken = 1; taken <= segments.length; taken++) {
        const key = joinedKey(segments.slice(0, taken))
        if (key === null) break
        if (!hasOwn(value, key)) continue
        const reading = follow(value[key], segments.slice(taken), [...at, key], each)
        if (reading.found) return reading
        missing ??= reading
      }
      return missing ?? { found: false, at, parent: value }
    }
  }
}

/** The place that an index of a path names, counted from the end when negative; null where the list has none. */
export function indexIn(list: readonly unknown[], index: number): number | null {
  const place = index < 0 ? list.length + index : index
  return place >= 0 && place < list.length ? place : null
}

const gather: Gather = (value, rest, at) => gatherWith(gather, value, { rest, at })

const gatherItems: Gather = (value, rest, at) => {
  if (value === null) return { found: true, value: [], path: null }
  return gatherWith(gatherItems, value, { rest, at })
}

function gatherWith(
  each: Gather,
  value: unknown,
  { rest, at }: { rest: readonly PathSegment[]; at: string[] },
): PathReading {
  if (typeof value !== 'object' || value === null) return { found: false, at, parent: value }
  const members: unknown[] = Object.values(value)
  const gathered: unknown[] = []
  for (const [index, member] of members.entries()) {
    const reading = follow(member, rest, [...at, String(index)], each)
    if (!reading.found) return reading
    gathered.push(reading.value)
  }
  // Among lists a null is one without items.
  const lists = gathered.some(Array.isArray) && each === gatherItems ? gathered.filter((one) => one !== null) : gathered
  return { found: true, value: lists.flat(), path: null }
}

const joinedKey = (segments: readonly PathSegment[]): string | null => {
  const keys = segments.map((segment) => (segment.kind === 'key' ? segment.key : null))
  return keys.includes(null) ? null : keys.join('.')
}

/** True for a JSON object: neither a list nor null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const hasOwn = (value: unknown, key: string): value is Record<string, unknown> =>
  isObject(value) && Object.hasOwn(value, key)

/** Names what a body offers instead of a missing path: `data.items, paging` or `a list of 3`. */
export function describeShape(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (!isObject(value)) return describePlain(value)
  const names = Object.entries(value).flatMap(([key, member]) => (isObject(member) ? innerNames(key, member) : [key]))
  if (names.length === 0) return 'an empty object'
  return names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ')
}

const innerNames = (key: string, member: Record<string, unknown>): string[] => {
  const lists = Object.keys(member).filter((name) => Array.isArray(member[name]))
  return lists.length === 0 ? [key] : lists.map((name) => `${key}.${name}`)
}

function describePlain(value: unknown): string {
  if (typeof value === 'string') return 'a text'
  if (value === null || value === undefined) return 'null'
  return `the ${typeof value} ${JSON.stringify(typeof value === 'bigint' ? String(value) : value)}`
}
