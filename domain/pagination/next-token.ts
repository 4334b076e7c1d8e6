import type { HttpResponse } from '../http-message'
import { hashJson } from './content-hash'
import { describeShape, isObject, readBodyPath, valueAt, type BodyPath } from './item-path'
import { findLink, findOtherAnchors, parseLinkHeader } from './link-header'
import { PageFault } from './page-fault'
import { show } from './page-signals'
import type { TokenSource } from './paginator'

/** What a page gives to find the next one: a token to send, a URL to follow, or nothing. `shown` is for events and messages. */
export type NextToken =
  /** `counted`: made by counting up, so it's no sign that there is more. */
  | { kind: 'value'; value: unknown; shown: string; counted?: boolean }
  | { kind: 'url'; reference: string; shown: string; counted?: false }
  | { kind: 'none'; shown: string; hasMore: boolean | null }

type Read = {
  body: unknown
  response: HttpResponse
  items: readonly unknown[]
  token: number | string | null
  page: number
}

/** Finds the next token of the sources that carry one in the answer. Throws `missing_cursor`, `missing_page_info`, `bad_link_header`, `bad_next_url`. */
export function readNextToken(source: TokenSource, read: Read): NextToken {
  switch (source.type) {
    case 'none':
    case 'while':
      return { kind: 'none', shown: '', hasMore: null }
    case 'page':
      return counted(Number(read.token ?? source.start) + 1)
    case 'offset':
      // By what was received: a server that caps the page would else make a gap.
      return counted(
        Number(read.token ?? source.start) + (read.items.length > 0 ? read.items.length : (source.limit ?? 1)),
      )
    case 'cursor':
      return readCursor(source, read)
    case 'last_record':
      return readLastRecord(source.field, read)
    case 'next_url':
      return readNextUrl(source.path, read)
    case 'link':
      return readLink(source.rel, read)
    case 'graphql':
      return readPageInfo(source, read)
  }
}

const counted = (value: number): NextToken => ({ kind: 'value', value, shown: String(value), counted: true })

function readCursor(source: Extract<TokenSource, { type: 'cursor' }>, read: Read): NextToken {
  const value =
    'path' in source.from
      ? valueAt(read.body, source.from.path)
      : read.response.headers[source.from.header.toLowerCase()]
  if (value === undefined) return { kind: 'none', shown: 'absent', hasMore: null }
  if (isEndValue(value, source.endValues)) return { kind: 'none', shown: show(value), hasMore: null }
  return { kind: 'value', value, shown: show(value) }
}

/** `end_values` are compared by type too: with `false` among them the number 0 stays a cursor. */
const isEndValue = (value: unknown, endValues: readonly unknown[]): boolean =>
  endValues.some((end) => end === value || (typeof end === 'object' && hashJson(end) === hashJson(value))) ||
  (Array.isArray(value) && value.length === 0)

function readLastRecord(field: BodyPath, read: Read): NextToken {
  const last = read.items.at(-1)
  if (last === undefined) return { kind: 'none', shown: 'no items', hasMore: null }
  const value = valueAt(last, field)
  if (value === undefined || value === null) {
    throw new PageFault(
      'missing_cursor',
      `the last item of page ${read.page} has no \`${field.text}\` to continue from; it has: ${describeShape(last)}`,
      'set `field` to a key that every item has',
    )
  }
  return { kind: 'value', value, shown: show(value) }
}

function readNextUrl(path: BodyPath, read: Read): NextToken {
  const value = valueAt(read.body, path)
  if (isNoUrl(value)) return { kind: 'none', shown: value === undefined ? 'absent' : show(value), hasMore: null }
  const reference = isObject(value) ? (value['href'] ?? value['url']) : value
  // The last page of HAL may keep its link object, with `href: null`.
  if (isObject(value) && ('href' in value || 'url' in value) && isNoUrl(reference))
    return { kind: 'none', shown: show(value), hasMore: null }
  if (typeof reference !== 'string') {
    throw new PageFault(
      'bad_next_url',
      `\`${path.text}\` on page ${read.page} is ${show(value)}, where a URL was expected`,
      'correct `path`',
    )
  }
  return { kind: 'url', reference, shown: show(reference) }
}

const isNoUrl = (value: unknown): boolean => value === undefined || value === null || value === '' || value === false

function readLink(rel: string, read: Read): NextToken {
  const header = read.response.headers['link']
  if (header === undefined) return { kind: 'none', shown: 'no Link header', hasMore: null }
  const links = parseLinkHeader(header)
  const target = findLink(links, rel, read.response.url)
  if (target !== null) return { kind: 'url', reference: target, shown: show(target) }
  const [other] = findOtherAnchors(links, rel, read.response.url)
  const elsewhere = other === undefined ? '' : ` of this page, only of the anchor ${show(other)}`
  return { kind: 'none', shown: `no rel="${rel}"${elsewhere}`, hasMore: null }
}

function readPageInfo(source: Extract<TokenSource, { type: 'graphql' }>, read: Read): NextToken {
  const info = readBodyPath(read.body, source.pageInfo)
  const flag = source.backward ? 'hasPreviousPage' : 'hasNextPage'
  const field = source.backward ? 'startCursor' : 'endCursor'
  if (!info.found || !isObject(info.value) || typeof info.value[flag] !== 'boolean') {
    const offered = info.found ? describeShape(info.value) : describeShape(info.parent)
    throw new PageFault(
      'missing_page_info',
      `\`${source.pageInfo.text}.${flag}\` is missing on page ${read.page}; there is: ${offered}`,
      `ask for \`pageInfo { ${flag} ${field} }\` in the query, and set \`page_info\` to its path`,
    )
  }
  const cursor = info.value[field]
  if (!info.value[flag]) return { kind: 'none', shown: `${flag} false`, hasMore: false }
  if (cursor === undefined || cursor === null || cursor === '')
    return { kind: 'none', shown: `no ${field}`, hasMore: true }
  return { kind: 'value', value: cursor, shown: show(cursor) }
}
