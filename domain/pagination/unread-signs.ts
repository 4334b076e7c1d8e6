import type { HttpResponse } from '../http-message'
import { findClue, parentName, pathText, readClues, type Clue } from './auto/clues'
import { isCount } from './auto/is-count'
import { HAS_MORE, TOTAL } from './auto/paging-names'
import { NEXT_URL, TOKENS, URL_NAME } from './auto/propose-tokens'
import { TOTAL_HEADERS } from './auto/read-extent'
import { likelyCounted, type Evidence, type Verdict } from './decide-next'
import { isObject, valueAt } from './item-path'
import { findLink, parseLinkHeader } from './link-header'
import { flagOf, show } from './page-signals'
import type { Paginator } from './paginator'
import type { WarningNote } from './reconcile'

/** Objects beside the items that speak of the paging: what lies elsewhere (facets, statistics) counts something else. */
const ABOUT_PAGING = new Set(
  ['', 'meta', 'metadata', 'paging', 'pagination', 'page', 'pageinfo', 'pages', 'links', 'info', 'hits', 'resultinfo', 'responsemetadata', 'cursor', 'cursors'],
) // prettier-ignore
const NEXT = [...NEXT_URL, ...TOKENS].filter((name) => name.startsWith('next') || name === 'odatanextlink')
/** Where one of these is, the other totals count what is there without the filter. */
const FILTERED = TOTAL.filter((name) => name.includes('filter'))
/** DataTables counts with this what is there without any filter. */
const UNFILTERED = 'recordstotal'
const ENDS = new Set(['no_next', 'empty_page', 'short_page', 'has_more_false', 'while_false', 'total_reached'])

/**
 * Says that an answer which ends a run speaks of more in a place that the playbook doesn't read: a flag, a total, something
 * to go on with. A path that is misspelt, or a window beyond which an API gives nothing, ends a run in silence otherwise.
 */
export function noteUnreadSigns(
  { source, stop }: Paginator,
  verdict: Verdict,
  input: { evidence: Evidence; body: unknown; itemsPath: readonly string[] | null; response: HttpResponse },
): WarningNote[] {
  if (verdict.stop === null || verdict.more !== false || !ENDS.has(verdict.stop)) return []
  const { evidence, response } = input
  const clues = readClues(input.body, input.itemsPath).filter(isAboutPaging)
  const hasFlag = stop.hasMorePath !== null || source.type === 'graphql'
  const flag = hasFlag ? null : findClue(clues, HAS_MORE, (value) => flagOf(value) === true)
  const counted = likelyCounted(source, evidence)
  // What is no list in the body is one item for each page, whatever it holds.
  const isListed = input.itemsPath !== null || evidence.pageItems === 0
  const hasTotal = stop.totalItemsPath !== null || stop.totalItemsHeader !== null || !isListed
  const total = hasTotal ? null : totalAbove(counted, clues, response.headers)
  const mayLead = verdict.stop === 'no_next' || verdict.stop === 'short_page'
  const next = mayLead && evidence.pageItems > 0 ? nextBeside(source, clues, input) : null
  const signs = [
    ...(flag === null ? [] : [`\`${pathText(flag.path)}\` is ${show(flag.value)} (\`stop.has_more_path\`)`]),
    ...(total === null ? [] : [`${total} where ${counted} came (\`stop.total_items_path\` or \`total_items_header\`)`]),
    ...(next === null ? [] : [next]),
  ]
  if (signs.length === 0) return []
  const message = `ended by ${verdict.rule} on page ${evidence.page}, whose answer says in places that are not read that there may be more: ${signs.join('; ')}`
  return [{ kind: 'more_available', message }]
}

const isAboutPaging = ({ path, name }: Clue): boolean =>
  (path.length <= 2 && ABOUT_PAGING.has(parentName(path))) || (name === 'value' && parentName(path) === 'total')

function totalAbove(counted: number, clues: readonly Clue[], headers: Readonly<Record<string, string>>): string | null {
  const isMore = (value: unknown): boolean => isCount(value) && Number(value) > counted
  const header = TOTAL_HEADERS.find((name) => isMore(headers[name]))
  if (header !== undefined) return `the header ${header} is ${headers[header]}`
  const isFiltered = clues.some(({ name, value }) => FILTERED.includes(name) && isCount(value))
  const names = isFiltered ? FILTERED : TOTAL.filter((name) => name !== UNFILTERED)
  const clue = findClue(clues, names, isMore) ?? findClue(clues, ['value'], isMore)
  return clue === null ? null : `\`${pathText(clue.path)}\` is ${show(clue.value)}`
}

/** What another way of paging than the playbook's would follow. */
function nextBeside(
  source: Paginator['source'],
  clues: readonly Clue[],
  { body, response }: { body: unknown; response: HttpResponse },
): string | null {
  if (source.type === 'graphql') return null
  const own = ownToken(source, body)
  const isOther = (value: unknown): boolean =>
    value !== own && ((typeof value === 'string' && value !== '') || isObject(value) || Number(value) > 0)
  const clue =
    findClue(clues, NEXT, isOther) ??
    clues.find(({ name, value: linked }) => URL_NAME.test(name) && isOther(linked)) ??
    null
  if (clue !== null) return `\`${pathText(clue.path)}\` is ${show(clue.value)} (\`path\`)`
  const header = response.headers['link']
  if (header === undefined || source.type === 'link') return null
  const target = linkIn(header, response.url)
  return target === null ? null : `the Link header leads to ${show(target)} (\`type: link\`)`
}

function ownToken(source: Paginator['source'], body: unknown): unknown {
  if (source.type === 'next_url') return valueAt(body, source.path)
  return source.type === 'cursor' && 'path' in source.from ? valueAt(body, source.from.path) : undefined
}

function linkIn(header: string, url: string): string | null {
  try {
    return findLink(parseLinkHeader(header), 'next', url)
  } catch {
    // A header that can't be read says nothing here; who follows it is told.
    return null
  }
}
