/** One character as JSON, a URL or HTML may write it. */
const ESCAPE =
  /\\(?:u[\da-f]{4}|["\\/bfnrt])|%[0-7][\da-f]|%[cd][\da-f]%[\da-f]{2}|%e[\da-f](?:%[\da-f]{2}){2}|%f[0-7](?:%[\da-f]{2}){3}|&(?:#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos);/gi
const MAY_BE_ESCAPED = /[\\%&]/

const AFTER_BACKSLASH: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export type Span = { from: number; to: number }

/** The text with every escape replaced by the character it stands for; null where there is none. */
export function withoutEscapes(text: string): string | null {
  if (!MAY_BE_ESCAPED.test(text)) return null
  const plain = text.replaceAll(ESCAPE, readEscape)
  return plain === text ? null : plain
}

/** Where the stretches of `withoutEscapes(text)` stand in the text itself, each from its first escape to its last. */
export function spansBefore(text: string, spans: readonly Span[]): Span[] {
  const wanted = [...new Set(spans.flatMap(({ from, to }) => [from, to - 1]))].toSorted((a, b) => a - b)
  const places = new Map<number, Span>()
  let next = 0
  let plainAt = 0
  let textAt = 0
  /** A stretch of `length` characters, each of which stands for itself or, as `escape`, for what it was made of. */
  const pass = (length: number, escape: Span | null): void => {
    for (let at = wanted[next]; at !== undefined && at < plainAt + length; at = wanted[next]) {
      const own = textAt + at - plainAt
      places.set(at, escape ?? { from: own, to: own + 1 })
      next += 1
    }
    plainAt += length
  }
  for (const { 0: escape, index } of text.matchAll(ESCAPE)) {
    pass(index - textAt, null)
    textAt = index + escape.length
    pass(readEscape(escape).length, { from: index, to: textAt })
  }
  pass(text.length - textAt, null)
  return spans.map(({ from, to }) => ({ from: places.get(from)?.from ?? 0, to: places.get(to - 1)?.to ?? text.length }))
}

function readEscape(escape: string): string {
  switch (escape.charAt(0)) {
    case '\\': {
      const kind = escape.charAt(1)
      if (kind === 'u' || kind === 'U') return String.fromCharCode(Number.parseInt(escape.slice(2), 16))
      return AFTER_BACKSLASH[kind] ?? kind
    }
    case '%':
      return readPercent(escape)
    default:
      return readEntity(escape.slice(1, -1).toLowerCase()) ?? escape
  }
}

function readPercent(escape: string): string {
  try {
    return decodeURIComponent(escape)
  } catch {
    // Bytes that are no UTF-8 stand for nothing.
    return escape
  }
}

function readEntity(name: string): string | null {
  if (!name.startsWith('#')) return ENTITIES[name] ?? null
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return code <= 0x10ffff ? String.fromCodePoint(code) : null
}
