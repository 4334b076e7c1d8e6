import { PageFault } from './page-fault'

type WebLink = { target: string; rels: readonly string[]; anchor: string | null }

/** Reads a `Link` header by RFC 8288: any order and case of parameters, quoted or not, several rels, commas inside quotes and targets. Throws `bad_link_header`. */
export function parseLinkHeader(header: string): WebLink[] {
  const reader = { text: header, at: 0 }
  const links: WebLink[] = []
  skipSeparators(reader)
  while (reader.at < header.length) {
    links.push(readLink(reader))
    skipSeparators(reader)
  }
  return links
}

/** The target of the first link with this relation that starts from `url`, or null. */
export function findLink(links: readonly WebLink[], rel: string, url: string): string | null {
  return linksOf(links, rel).find(({ anchor }) => isAnchoredAt(anchor, url))?.target ?? null
}

/** The other contexts that links with this relation start from (RFC 8288 section 3.2). */
export const findOtherAnchors = (links: readonly WebLink[], rel: string, url: string): string[] =>
  linksOf(links, rel).flatMap(({ anchor }) => (anchor === null || isAnchoredAt(anchor, url) ? [] : [anchor]))

const linksOf = (links: readonly WebLink[], rel: string): WebLink[] =>
  links.filter(({ rels }) => rels.includes(rel.toLowerCase()))

function isAnchoredAt(anchor: string | null, url: string): boolean {
  if (anchor === null) return true
  return URL.canParse(anchor, url) && new URL(anchor, url).href === new URL(url).href
}

type Reader = { text: string; at: number }

function readLink(reader: Reader): WebLink {
  const { text } = reader
  const close = text.indexOf('>', reader.at)
  if (text[reader.at] !== '<' || close === -1) throw bad(reader, '`<` and a target and `>`')
  const target = text.slice(reader.at + 1, close).trim()
  reader.at = close + 1
  let rels: string[] | null = null
  let anchor: string | null = null
  let isEmpty = false
  for (;;) {
    skipSpace(reader)
    if (reader.at >= text.length || text[reader.at] === ',') break
    if (text[reader.at] !== ';') throw bad(reader, '`;`, `,` or the end')
    reader.at++
    const parameter = readParameter(reader)
    if (parameter === null) continue
    // RFC 8288 section 3.3: occurrences after the first are ignored.
    if (parameter.name === 'rel' && rels === null) rels = parameter.value.toLowerCase().split(/\s+/).filter(Boolean)
    if (parameter.name === 'results') isEmpty = parameter.value === 'false'
    if (parameter.name === 'anchor' && anchor === null) anchor = parameter.value
  }
  // A link may say of itself that nothing is behind it: `rel="next"; results="false"`.
  return { target, rels: isEmpty ? [] : (rels ?? []), anchor }
}

function readParameter(reader: Reader): { name: string; value: string } | null {
  skipSpace(reader)
  const start = reader.at
  while (reader.at < reader.text.length && !'=;,'.includes(reader.text[reader.at] ?? '')) reader.at++
  const name = reader.text.slice(start, reader.at).trim().toLowerCase()
  if (reader.text[reader.at] !== '=') return name === '' ? null : { name, value: '' }
  reader.at++
  skipSpace(reader)
  return { name, value: reader.text[reader.at] === '"' ? readQuoted(reader) : readToken(reader) }
}

function readQuoted(reader: Reader): string {
  let value = ''
  for (let i = reader.at + 1; i < reader.text.length; i++) {
    const c = reader.text[i] ?? ''
    if (c === '"') {
      reader.at = i + 1
      return value
    }
    if (c === '\\') i++
    value += reader.text[i] ?? ''
  }
  throw bad(reader, 'a closing quote')
}

function readToken(reader: Reader): string {
  const start = reader.at
  while (reader.at < reader.text.length && !';,'.includes(reader.text[reader.at] ?? '')) reader.at++
  return reader.text.slice(start, reader.at).trim()
}

function skipSpace(reader: Reader): void {
  while (' \t'.includes(reader.text[reader.at] ?? 'end')) reader.at++
}

function skipSeparators(reader: Reader): void {
  while (' \t,'.includes(reader.text[reader.at] ?? 'end')) reader.at++
}

/** One character says enough beside the header, which is on record: more of it might be the inside of a secret. */
function bad({ text, at }: Reader, expected: string): PageFault {
  const found = at < text.length ? `\`${text[at]}\`` : 'its end'
  return new PageFault(
    'bad_link_header',
    `the Link header can't be read at character ${at + 1}: expected ${expected}, found ${found}`,
    'the API breaks RFC 8288; use `type: next_url` or `page` if it offers them',
  )
}
