import { findLink, parseLinkHeader } from '../link-header'
import { findClue, parentName, pathText, type Clue } from './clues'
import { flagOf } from '../page-signals'
import type { FirstAnswer } from './first-answer'
import { isCount } from './is-count'
import { HAS_MORE, LAST, LIMIT_NAMES, TOTAL, TOTAL_PAGES } from './paging-names'
import { findSent } from './sent-values'

/** What an answer says about how much there is. */
export type Extent = {
  /** Stop rules in the words of `paginate.stop`. */
  stop: Record<string, string>
  /** Signs that there is more: `promised` ones are counts and flags, which an empty second page would belie. */
  more: string | null
  promised: boolean
  /** A sign that this was all, when none says otherwise. */
  end: string | null
  /** How many items the API counts in all; null: it does not say. */
  total: number | null
  /** Items a page as asked for or said by the API; null: unknown. */
  limit: number | null
}

export const TOTAL_HEADERS = ['x-total-count', 'x-total', 'total-count', 'x-total-items', 'x-wp-total', 'total']

/** Reads totals, flags and page sizes. `next` is what else the answer gives to go on with, or null. */
export function readExtent(answer: FirstAnswer, next: string | null): Extent {
  const { clues, items } = answer
  const flag = findClue(clues, HAS_MORE, (value) => flagOf(value) !== null)
  const says = flag === null ? null : flagOf(flag.value)
  const pages = findClue(clues, TOTAL_PAGES, (value) => isCount(value))
  const said = readTotal(answer)
  // As many as came, and a next token all the same: it is the page that was counted.
  const total = next !== null && items.length > 0 && said?.value === items.length ? null : said
  const stop = {
    ...(flag === null ? {} : { has_more_path: pathText(flag.path) }),
    ...total?.rule,
    ...(pages === null ? {} : { total_pages_path: pathText(pages.path) }),
  }
  const last = findClue(clues, LAST, (value) => typeof value === 'boolean')
  const signs = [
    says === true ? `${pathText(flag?.path ?? [])} is ${String(flag?.value)}` : null,
    last?.value === false && items.length > 0 ? `${pathText(last.path)} is false` : null,
    total !== null && total.value > items.length ? `${total.where} is ${total.value}, ${items.length} came` : null,
    pages !== null && Number(pages.value) > 1 ? `${pathText(pages.path)} is ${Number(pages.value)}` : null,
  ].filter((sign) => sign !== null)
  const more = signs.length > 0 ? signs.join(' and ') : next
  const end = more === null ? readEnd(answer, { flag: says, total, pages: pages?.value }) : null
  return { stop, more, promised: signs.length > 0, end, total: total?.value ?? null, limit: readLimit(answer) }
}

type Total = { value: number; where: string; rule: Record<string, string> }

function readTotal({ clues, headers, items }: FirstAnswer): Total | null {
  const header = TOTAL_HEADERS.find((name) => isCount(headers[name]) && Number(headers[name]) >= items.length)
  if (header !== undefined) {
    return { value: Number(headers[header]), where: `header ${header}`, rule: { total_items_header: header } }
  }
  // `count` is as often the number of items on this page as the number of all.
  const named = findClue(
    clues,
    TOTAL,
    (value, { name }) =>
      isCount(value) && (name === 'count' ? Number(value) > items.length : Number(value) >= items.length),
  )
  // Elasticsearch says how exact its total is: `total: {value: 5, relation: eq}`.
  const clue =
    named ??
    findClue(
      clues,
      ['value', 'count'],
      (value, { path }) => isCount(value) && Number(value) >= items.length && TOTAL.includes(parentName(path)),
    )
  if (clue === null) return null
  const path = pathText(clue.path)
  return { value: Number(clue.value), where: path, rule: isExact(clue, clues) ? { total_items_path: path } : {} }
}

/** A lower bound, `{value: 10000, relation: gte}`, is a sign of more and ends nothing. */
const isExact = ({ path }: Clue, clues: readonly Clue[]): boolean =>
  clues.every(
    (other) =>
      other.name !== 'relation' ||
      other.value === 'eq' ||
      pathText(other.path.slice(0, -1)) !== pathText(path.slice(0, -1)),
  )

function readLimit({ clues, sent }: FirstAnswer): number | null {
  const [asked] = findSent({ ...sent, place: null }, LIMIT_NAMES, isCount)
  const said = (names: readonly string[]): number | null => {
    const clue = findClue(clues, names, (value) => isCount(value) && Number(value) > 0)
    return clue === null ? null : Number(clue.value)
  }
  if (asked === undefined) return said(LIMIT_NAMES)
  // A server that caps its pages may say so; `size` is as often the number of items that came.
  return Math.min(Number(asked.value), said(['limit', 'pagesize', 'perpage']) ?? Infinity)
}

function readEnd(
  { clues, headers, items, url }: FirstAnswer,
  said: { flag: boolean | null; total: Total | null; pages: unknown },
): string | null {
  if (said.flag === false) return 'the API says that there is no more'
  if (said.total !== null && said.total.value > 0) return `all of ${said.total.value} items came`
  if (said.pages !== undefined && said.pages !== null) return 'the API counts one page'
  const last = findClue(clues, LAST, (value) => value === true)
  if (last !== null) return `${pathText(last.path)} is true`
  const empty = clues.find(
    ({ name, value }) => name.startsWith('next') && (value === null || value === '' || value === false),
  )
  if (empty !== undefined) return `${pathText(empty.path)} is ${JSON.stringify(empty.value)}`
  if (hasLinksWithoutNext(headers['link'], url)) return 'the Link header has no next'
  return items.length === 0 ? 'there are no items' : null
}

function hasLinksWithoutNext(header: string | undefined, url: string): boolean {
  if (header === undefined) return false
  try {
    const links = parseLinkHeader(header)
    const has = (rel: string): boolean => findLink(links, rel, url) !== null
    return ['first', 'last', 'prev'].some(has) && !has('next')
  } catch {
    // A header that can't be read says nothing here; following it would report it.
    return false
  }
}
