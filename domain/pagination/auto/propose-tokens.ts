import type { JsonObject } from '../../json'
import { parameterText } from '../build-url'
import { isObject } from '../item-path'
import { findLink, parseLinkHeader } from '../link-header'
import { findClue, pathText, plainName, type Clue } from './clues'
import type { FirstAnswer } from './first-answer'

/** One way to go on, as `paginate` would say it, and what speaks for it. */
export type Proposal = { paginate: JsonObject & { type: string }; evidence: string[] }

const NEXT_URL = [
  'next',
  'nexturl',
  'nextlink',
  'nextpageurl',
  'nexthref',
  'nexturi',
  'odatanextlink',
  'nextrecordsurl',
  'nextpage',
  'nextpagelink',
]
const TOKENS = [
  'nextcursor', 'nextpagetoken', 'nexttoken', 'nextcontinuationtoken', 'continuationtoken', 'continuation', 'nextmarker', 'nextpagecursor',
  'endcursor', 'after', 'nextafter', 'scrollid', 'pagetoken', 'nextmaxid', 'nextkey', 'nextid', 'nextoffset', 'bookmark', 'cursor', 'next',
] // prettier-ignore
const TOKEN_HEADERS = ['x-next-cursor', 'x-next-page-token', 'x-next-token', 'x-continuation-token', 'x-cursor']
const MOST_PARAMS = 3

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
  const flat = findClue(clues, NEXT_URL, (value) => looksLikeUrl(value))
  const nested = clues.find(
    ({ path, name, value }) =>
      (name === 'href' || name === 'url') && plainName(path.at(-2) ?? '') === 'next' && looksLikeUrl(value),
  )
  const found = flat ?? nested
  if (found === null || found === undefined) return []
  const path = pathText(found.path)
  return [{ paginate: { type: 'next_url', path }, evidence: [`${path} is ${short(found.value)}`] }]
}

function byPageInfo({ clues, json }: FirstAnswer): Proposal[] {
  const flag = findClue(
    clues,
    ['hasnextpage'],
    (value, { path }) => value === true && plainName(path.at(-2) ?? '') === 'pageinfo',
  )
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
      paginate: { type: 'graphql', page_info: pageInfo, param: `variables.${cursorVariable(json)}` },
      evidence: [`${pageInfo}.hasNextPage is true and it has an endCursor`],
    },
  ]
}

/** The variable that the query hands to `after`. */
function cursorVariable(json: unknown): string {
  const query = isObject(json) && typeof json['query'] === 'string' ? json['query'] : ''
  return /\bafter\s*:\s*\$(\w+)/.exec(query)?.[1] ?? 'cursor'
}

function byToken(answer: FirstAnswer): Proposal[] {
  const { clues, params, json } = answer
  const sent = Object.values(params).map(parameterText)
  const clue = findClue(
    clues,
    TOKENS,
    (value, { name, path }) =>
      isToken(value) &&
      !looksLikeUrl(value) &&
      !sent.includes(String(value)) &&
      !(name === 'endcursor' && plainName(path.at(-2) ?? '') === 'pageinfo'),
  )
  if (clue === null) return []
  const path = pathText(clue.path)
  const place = isObject(json) ? { in: 'json' } : {}
  return paramsFor(clue, [...Object.keys(params), ...(isObject(json) ? Object.keys(json) : [])]).map((param) => ({
    paginate: { type: 'cursor', path, param, ...place },
    evidence: [`${path} is ${short(clue.value)}`, `sent as \`${param}\``],
  }))
}

function byTokenHeader({ headers }: FirstAnswer): Proposal[] {
  const header = TOKEN_HEADERS.find((name) => (headers[name] ?? '') !== '')
  return header === undefined
    ? []
    : [
        {
          paginate: { type: 'cursor', header, param: 'cursor' },
          evidence: [`the header ${header} holds ${short(headers[header])}`],
        },
      ]
}

/** What the parameter of a token may be called: as a parameter that was sent, as the token without `next`, as the token. */
function paramsFor({ path, name }: Clue, sent: readonly string[]): string[] {
  const key = path.at(-1) ?? ''
  const bare = key.replace(/^next[_-]?(?=.)/i, '')
  const stripped = /^next[A-Z]/.test(key) ? bare.charAt(0).toLowerCase() + bare.slice(1) : bare
  const keepsNext = name === 'nexttoken' || name === 'nextmarker' || name === 'nextkey'
  const byName = keepsNext ? [key, stripped] : [stripped, key]
  const wide = name === 'endcursor' || name === 'next' || name === 'after' ? ['after', 'cursor'] : ['cursor']
  const guesses = name === 'endcursor' || name === 'next' ? [...wide, ...byName] : [...byName, ...wide]
  const known = sent.filter((each) => guesses.some((guess) => plainName(guess) === plainName(each)))
  return [...new Set([...known, ...guesses])].slice(0, MOST_PARAMS)
}

const isToken = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'bigint'

const looksLikeUrl = (value: unknown): boolean =>
  typeof value === 'string' &&
  (/^\s*(?:https?:)?\/\//i.test(value) || /^\s*(?:\/|\.\.?\/|\?)\S/.test(value) || /^\S+\?\S+=/.test(value))

const short = (value: unknown): string => {
  const text = String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
