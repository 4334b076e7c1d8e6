import { isObject } from '../item-path'
import { isUsualSize } from '../page-cap'
import { findClue, parentName, pathText, plainName, type Clue } from './clues'
import type { FirstAnswer } from './first-answer'
import { isCount } from './is-count'
import { OFFSET_NAMES, PAGE_NAMES } from './paging-names'
import type { Proposal } from './propose-tokens'
import type { Extent } from './read-extent'
import { findSent, groupOf, placeOf, placesFor, sentAs, type Place } from './sent-values'

const NEXT_PAGE = ['nextpage', 'next', 'nextpagenumber']
const ID = ['id', '_id', 'uuid', 'key']
/** So many places of a request are tried where several have the name. */
const MOST_SENT = 3

/** Ways by counting: page numbers and offsets that the API echoes or was sent, the last record's id, and with a sign of more the usual names. */
export function proposeCounts(answer: FirstAnswer, extent: Extent): Proposal[] {
  const pages = byPage(answer, extent)
  const offsets = byOffset(answer, extent)
  const named = offsetIsBetterKnown(answer, extent) ? [...offsets, ...pages] : [...pages, ...offsets]
  return [...named, ...byLastRecord(answer, extent), ...byUsualNames(answer, extent, named)]
}

function byPage(answer: FirstAnswer, { stop }: Extent): Proposal[] {
  const { clues, headers } = answer
  const sent = sentUnder(answer, PAGE_NAMES)
  const echo = findClue(
    clues,
    PAGE_NAMES,
    (value, { name }) => isCount(value) && Number(value) <= 1 && (name !== 'number' || 'total_pages_path' in stop),
  )
  const next = findClue(clues, NEXT_PAGE, (value) => isCount(value) && Number(value) <= 2 && Number(value) > 0)
  const inHeader = isCount(headers['x-next-page']) ? Number(headers['x-next-page']) : null
  if (sent.length === 0 && echo === null && next === null && inHeader === null) return []
  const evidence = [
    echo === null ? null : `${pathText(echo.path)} is ${String(echo.value)}`,
    next === null ? null : `${pathText(next.path)} is ${String(next.value)}`,
    inHeader === null ? null : `the header x-next-page is ${inHeader}`,
  ].filter((line) => line !== null)
  if (sent.length > 0) return sent.map((each) => asSent('page', each, evidence))
  const start = echo === null ? Number(next?.value ?? inHeader) - 1 : Number(echo.value)
  const echoed = echo === null ? undefined : String(echo.path.at(-1))
  const bare = ['page', ...(echoed === undefined || plainName(echoed) === 'number' ? [] : [echoed])]
  const grouped = echo === null ? [] : groupedNames(echo)
  const names = groupOf(answer.sent) === null ? [...bare, ...grouped] : [...grouped, ...bare]
  return placesFor(answer.sent, names).map((place) => ({
    paginate: { type: 'page', param: place.param, start, ...inOf(place) },
    evidence: [...evidence, sentAs(place)],
  }))
}

/** What is echoed as `pagination: {page: 1}` may be asked for as `pagination[page]`. */
const groupedNames = ({ path }: Clue): string[] =>
  ['page', 'pagination', 'paging'].includes(parentName(path)) ? [`${String(path.at(-2))}[${String(path.at(-1))}]`] : []

function byOffset(answer: FirstAnswer, extent: Extent): Proposal[] {
  const sent = sentOffsets(answer, extent)
  const echo = findClue(answer.clues, OFFSET_NAMES, (value) => isCount(value) && Number(value) <= 1)
  if (sent.length === 0 && echo === null) return []
  const evidence = echo === null ? [] : [`${pathText(echo.path)} is ${String(echo.value)}`]
  if (sent.length > 0) return sent.map((each) => asSent('offset', each, evidence))
  return placesFor(answer.sent, [String(echo?.path.at(-1) ?? 'offset'), 'offset']).map((place) => ({
    paginate: { type: 'offset', param: place.param, start: Number(echo?.value ?? 0), ...inOf(place) },
    evidence: [...evidence, sentAs(place)],
  }))
}

/** A flag without any number or token: the id of the last item is what such APIs continue from. */
function byLastRecord(answer: FirstAnswer, { stop, promised }: Extent): Proposal[] {
  const last = answer.items.at(-1)
  if (!promised || !('has_more_path' in stop) || 'total_items_path' in stop || !isObject(last)) return []
  const field = ID.find((name) => typeof last[name] === 'string' || typeof last[name] === 'number')
  if (field === undefined) return []
  return placesFor(answer.sent, ['starting_after', 'after']).map((place) => ({
    paginate: { type: 'last_record', field, param: place.param, ...inOf(place) },
    evidence: [`every item has \`${field}\``, sentAs(place)],
  }))
}

/** A bare list of as many items as a page has in many APIs may be the first page of more, without a word. A stream of lines has no pages. */
export const isUnsaid = ({ isBare, items, headers }: FirstAnswer): boolean =>
  isBare &&
  isUsualSize(items.length) &&
  !('link' in headers) &&
  !/json-?(?:l|seq)|ndjson/i.test(headers['content-type'] ?? '')

function byUsualNames(answer: FirstAnswer, extent: Extent, named: readonly Proposal[]): Proposal[] {
  if (extent.more === null && extent.limit === null && !isUnsaid(answer)) return []
  const has = (type: string): boolean => named.some(({ paginate }) => paginate.type === type)
  // From 0 first: where pages count from 1 that is page 1 again and refused, while the reverse would skip a page unseen.
  const pages = placesFor(answer.sent, ['page']).flatMap((place) =>
    [0, 1].map((start): Proposal => ({
      paginate: { type: 'page', param: place.param, start, ...inOf(place) },
      evidence: ['the usual name of page numbers', `counted from ${start}`],
    })),
  )
  const offsets = placesFor(answer.sent, ['offset']).map((place): Proposal => ({
    paginate: { type: 'offset', param: place.param, start: 0, ...inOf(place) },
    evidence: ['the usual name of offsets'],
  }))
  return [...(has('offset') ? [] : byPartner(answer)), ...(has('page') ? [] : pages), ...(has('offset') ? [] : offsets)]
}

/** The offset that goes with the page size which was sent: `$skip` with `$top`, `from` with `size`. */
const PARTNERS: readonly (readonly [RegExp, string])[] = [
  [/limit(?=\]?$)/, 'offset'],
  [/^(\$?)top$/, '$1skip'],
  [/^(ret)?max$/, '$1start'],
  [/^rows$/, 'start'],
  [/^length$/, 'start'],
  [/^size$/, 'from'],
  [/^maxResults$/, 'startAt'],
]

function byPartner({ sent, clues }: FirstAnswer): Proposal[] {
  const partners = sent.values.flatMap(({ in: where, path, value }) => {
    const key = String(path[0])
    const [size, offset] = path.length > 1 ? [] : (PARTNERS.find(([pattern]) => pattern.test(key)) ?? [])
    const name = size === undefined || offset === undefined ? 'offset' : key.replace(size, offset)
    if (name === 'offset' || !isCount(value) || (sent.place !== null && sent.place !== where)) return []
    return [{ place: placeOf(where, [name]), because: `\`${key}\` was sent as ${String(value)}` }]
  })
  const odata = clues.find(({ path }) => String(path[0]).startsWith('@odata.'))
  if (odata !== undefined)
    partners.push({ place: { param: '$skip' }, because: `the answer has ${String(odata.path[0])}` })
  const unique = new Map(partners.map((each) => [each.place.param, each]))
  return [...unique.values()].slice(0, MOST_SENT).map(({ place, because }) => ({
    paginate: { type: 'offset', param: place.param, start: 0, ...inOf(place) },
    evidence: [because, sentAs(place)],
  }))
}

type SentCount = Place & { value: number }

/** A number beyond the total, such as the time in `from=1700000000`, filters and counts nothing. */
const sentOffsets = (answer: FirstAnswer, { total }: Extent): SentCount[] =>
  sentUnder(answer, OFFSET_NAMES).filter(({ value }) => total === null || value < total || value <= 1)

const offsetIsBetterKnown = (answer: FirstAnswer, extent: Extent): boolean =>
  sentOffsets(answer, extent).length > 0 && sentUnder(answer, PAGE_NAMES).length === 0

const sentUnder = ({ sent }: FirstAnswer, names: readonly string[]): SentCount[] =>
  findSent(sent, names, isCount)
    .slice(0, MOST_SENT)
    .map((each) => ({ ...each, value: Number(each.value) }))

const asSent = (type: 'page' | 'offset', sent: SentCount, evidence: readonly string[]): Proposal => ({
  paginate: { type, param: sent.param, start: sent.value, ...inOf(sent) },
  evidence: [`\`${sent.param}\` was sent as ${sent.value}`, ...evidence, sentAs(sent)],
})

const inOf = ({ in: where }: Place): Pick<Place, 'in'> => (where === undefined ? {} : { in: where })
