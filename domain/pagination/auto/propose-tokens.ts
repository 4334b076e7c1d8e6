import { cutText } from '../../cut-text'
import type { JsonObject } from '../../json'
import { parameterText } from '../build-url'
import { isObject } from '../item-path'
import { findLink, parseLinkHeader } from '../link-header'
import { findClue, OBJECT_TOKEN, parentName, pathText, plainName, type Clue } from './clues'
import type { FirstAnswer } from './first-answer'
import { isCount } from './is-count'
import { findSent, placesFor, sentAs, type Place, type SentRequest } from './sent-values'

/** One way to go on, as `paginate` would say it, and what speaks for it. */
export type Proposal = { paginate: JsonObject & { type: string }; evidence: string[] }

/** How APIs call the URL of the next page, in small letters and digits. */
export const NEXT_URL = ['next', 'nextpage', 'nexthref', 'nextrecordsurl', 'odatanextlink']
/** `nextLink`, `next_page_uri` … and, under `next` or `next_page`, `href`. */
export const URL_NAME = /^next\w*(?:url|uri|link|href)$/
const HREFS = ['href', 'url', 'uri']
/** How they call its token. */
export const TOKENS = [
  'nextcursor', 'nextpagetoken', 'nexttoken', 'nextcontinuationtoken', 'continuationtoken', 'continuation', 'nextmarker', 'nextpagecursor',
  'endcursor', 'startingafter', 'after', 'nextafter', 'scrollid', 'pagetoken', 'nextmaxid', 'nextkey', 'nextid', 'nextoffset', 'bookmark', 'cursor', 'next',
  'skiptoken', 'nextpage', 'continue', 'offset', OBJECT_TOKEN,
] // prettier-ignore
/** Names that a token has near the items only: a number or a time zone is called so as well. */
const MAYBE_TOKENS: ReadonlySet<string> = new Set(['nextpage', 'continue', 'offset'])
const TOKEN_HEADERS: Record<string, readonly string[]> = {
  'x-next-cursor': ['cursor', 'next_cursor'],
  'x-next-page-token': ['page_token', 'pageToken', 'cursor'],
  'x-next-token': ['next_token', 'nextToken', 'cursor'],
  'x-continuation-token': ['continuation_token', 'continuationToken', 'cursor'],
  'x-ms-continuationtoken': ['continuationToken'],
  'x-ms-continuation': ['continuationToken'],
  'x-cursor': ['cursor'],
}
const MOST_PARAMS = 4
const MOST_PLACES = 4

/** Ways that the API itself names: a Link header, a next URL, GraphQL's pageInfo, a token. Best first. */
export function proposeTokens(answer: FirstAnswer): Proposal[] {
  return [...byLink(answer), ...byNextUrl(answer), ...byPageInfo(answer), ...byToken(answer), ...byTokenHeader(answer)]
}

function byLink({ headers, url }: FirstAnswer): Proposal[] {
  const header = headers['link']
  if (header === undefined) return []
  try {
    const target = findLink(parseLinkHeader(header), 'next', url)
    return target === null
      ? []
      : [{ paginate: { type: 'link' }, evidence: [`the Link header has rel="next": ${short(target)}`] }]
  } catch {
    // Proposed all the same, so that following it reports what is wrong with it.
    return /rel\s*=\s*"?next/i.test(header)
      ? [{ paginate: { type: 'link' }, evidence: ['the Link header names a next page'] }]
      : []
  }
}

function byNextUrl({ clues }: FirstAnswer): Proposal[] {
  const urls = clues.filter(({ value }) => looksLikeUrl(value))
  const found =
    findClue(urls, NEXT_URL, () => true) ??
    urls.find(({ name }) => URL_NAME.test(name)) ??
    urls.find(({ path, name }) => HREFS.includes(name) && ['next', 'nextpage'].includes(parentName(path)))
  if (found === undefined) return []
  const path = found.text ?? pathText(found.path)
  return [{ paginate: { type: 'next_url', path }, evidence: [`${path} is ${short(found.value)}`] }]
}

function byPageInfo({ clues, sent }: FirstAnswer): Proposal[] {
  if (sent.place !== null && sent.place !== 'json') return []
  const flag = findClue(clues, ['hasnextpage'], (value, { path }) => value === true && parentName(path) === 'pageinfo')
  if (flag === null) return []
  const parent = flag.path.slice(0, -1)
  const hasCursor = clues.some(
    ({ path, name, value }) =>
      name === 'endcursor' && typeof value === 'string' && pathText(path.slice(0, -1)) === pathText(parent),
  )
  if (!hasCursor) return []
  const pageInfo = pathText(parent)
  return [
    {
      paginate: { type: 'graphql', page_info: pageInfo, param: `variables.${cursorVariable(sent)}` },
      evidence: [`${pageInfo}.hasNextPage is true and it has an endCursor`],
    },
  ]
}

/** The variable that the query hands to `after`. */
function cursorVariable({ values }: SentRequest): string {
  const query = values.find(({ in: where, path }) => where === 'json' && path.length === 1 && path[0] === 'query')
  return /\bafter\s*:\s*\$(\w+)/.exec(parameterText(query?.value))?.[1] ?? 'cursor'
}

function byToken({ clues, sent }: FirstAnswer): Proposal[] {
  const echoes = sent.values.map(({ value }) => parameterText(value))
  const clue = findClue(
    clues,
    TOKENS,
    (value, { name, path }) =>
      isToken(value) &&
      !looksLikeUrl(value) &&
      (!MAYBE_TOKENS.has(name) || isNearToken(value, path)) &&
      // A token of the next page that reads as something sent is one all the same: `after: 10` with a limit of 10.
      ([name, parentName(path)].some((each) => each.startsWith('next')) || !echoes.includes(String(value))) &&
      !(name === 'endcursor' && parentName(path) === 'pageinfo'),
  )
  if (clue === null) return []
  const path = pathText(clue.path)
  return placesOf(sent, namesFor(clue)).map((place) => ({
    paginate: { type: 'cursor', path, ...place },
    evidence: [`${path} is ${short(clue.value)}`, sentAs(place)],
  }))
}

function byTokenHeader({ headers, sent }: FirstAnswer): Proposal[] {
  const [header, names] = Object.entries(TOKEN_HEADERS).find(([name]) => (headers[name] ?? '') !== '') ?? []
  if (header === undefined || names === undefined) return []
  return placesOf(sent, names).map((place) => ({
    paginate: { type: 'cursor', header, ...place },
    evidence: [`the header ${header} holds ${short(headers[header])}`, sentAs(place)],
  }))
}

/** Where a token of these names may go: where one of them was sent, be it without a value, then where it may be new. */
function placesOf(sent: SentRequest, names: readonly string[]): Place[] {
  const plain = names.map(plainName)
  const known = findSent(sent, plain, () => true).map(({ value: _value, ...place }): Place => place)
  const places = [...known, ...placesFor(sent, names)]
  const unique = new Map(places.map((place) => [`${place.in ?? 'query'} ${place.param}`, place]))
  return [...unique.values()].slice(0, sent.body === null ? MOST_PARAMS : MOST_PLACES)
}

/** Names that a token goes by in the request and that nothing in the answer has. */
const OTHER_NAMES: Record<string, readonly string[]> = {
  nextcursor: ['start_cursor', 'after'],
  nexttoken: ['pagination_token'],
  cursor: ['after'],
}

/** What the parameter of a token may be called: as the token without `next`, as the token. */
function namesFor({ path, name }: Clue): string[] {
  const key = String(path.at(-1) ?? '')
  if (name === OBJECT_TOKEN) return ['ExclusiveStartKey']
  const bare = key.replace(/^next[_-]?(?=.)/i, '')
  const stripped = /^next[A-Z]/.test(key) ? bare.charAt(0).toLowerCase() + bare.slice(1) : bare
  const keepsNext = name === 'nexttoken' || name === 'nextmarker' || name === 'nextkey'
  const byName = keepsNext ? [key, stripped] : [stripped, key]
  const wide = name === 'endcursor' || name === 'next' || name === 'after' ? ['after', 'cursor'] : ['cursor']
  const others = OTHER_NAMES[name] ?? []
  return [...new Set(name === 'endcursor' || name === 'next' ? [...wide, ...byName] : [...byName, ...wide, ...others])]
}

const isToken = (value: unknown): boolean =>
  (isObject(value) && Object.keys(value).length > 0) ||
  (typeof value === 'string' && value !== '') ||
  typeof value === 'number' ||
  typeof value === 'bigint'

const isNearToken = (value: unknown, path: Clue['path']): boolean =>
  path.length <= 2 && typeof value === 'string' && !isCount(value) && !/^[+-]?[\d:.]+$/.test(value)

const looksLikeUrl = (value: unknown): boolean =>
  typeof value === 'string' &&
  (/^\s*(?:https?:)?\/\//i.test(value) || /^\s*(?:\/|\.\.?\/|\?)\S/.test(value) || /^\S+\?\S+=/.test(value))

const short = (value: unknown): string => cutText(parameterText(value), 80)
