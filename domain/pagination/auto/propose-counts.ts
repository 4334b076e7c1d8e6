import { isObject } from '../item-path'
import { findClue, pathText, plainName } from './clues'
import type { FirstAnswer } from './first-answer'
import type { Proposal } from './propose-tokens'
import { isCount, type Extent } from './read-extent'

const PAGE = ['page', 'currentpage', 'pagenumber', 'pageno', 'pageindex', 'number']
const NEXT_PAGE = ['nextpage', 'next', 'nextpagenumber']
const OFFSET = ['offset', 'skip', 'startat', 'startindex', 'start', 'from']
const ID = ['id', '_id', 'uuid', 'key']

/** Ways by counting: page numbers and offsets that the API echoes or was sent, the last record's id, and with a sign of more the usual names. */
export function proposeCounts(answer: FirstAnswer, extent: Extent): Proposal[] {
  const pages = byPage(answer, extent)
  const offsets = byOffset(answer, extent)
  const named = offsetIsBetterKnown(answer, extent) ? [...offsets, ...pages] : [...pages, ...offsets]
  return [...named, ...byLastRecord(answer, extent), ...byUsualNames(extent, named)]
}

function byPage(answer: FirstAnswer, { stop }: Extent): Proposal[] {
  const { clues, headers } = answer
  const sent = sentUnder(answer, PAGE)
  const echo = findClue(
    clues,
    PAGE,
    (value, { name }) => isCount(value) && Number(value) <= 1 && (name !== 'number' || 'total_pages_path' in stop),
  )
  const next = findClue(clues, NEXT_PAGE, (value) => isCount(value) && Number(value) <= 2 && Number(value) > 0)
  const inHeader = isCount(headers['x-next-page']) ? Number(headers['x-next-page']) : null
  if (sent === null && echo === null && next === null && inHeader === null) return []
  const start = sent?.value ?? (echo === null ? null : Number(echo.value)) ?? Number(next?.value ?? inHeader) - 1
  const evidence = [
    sent === null ? null : `\`${sent.param}\` was sent as ${sent.value}`,
    echo === null ? null : `${pathText(echo.path)} is ${String(echo.value)}`,
    next === null ? null : `${pathText(next.path)} is ${String(next.value)}`,
    inHeader === null ? null : `the header x-next-page is ${inHeader}`,
  ].filter((line) => line !== null)
  const echoed = echo?.path.at(-1)
  const params =
    sent === null ? ['page', ...(echoed === undefined || plainName(echoed) === 'number' ? [] : [echoed])] : [sent.param]
  return [...new Set(params)].map((param) => ({
    paginate: { type: 'page', param, start, ...placeOf(answer, param) },
    evidence: [...evidence, `sent as \`${param}\``],
  }))
}

function byOffset(answer: FirstAnswer, extent: Extent): Proposal[] {
  const sent = sentOffset(answer, extent)
  const echo = findClue(answer.clues, OFFSET, (value) => isCount(value) && Number(value) <= 1)
  if (sent === null && echo === null) return []
  const start = sent?.value ?? Number(echo?.value ?? 0)
  const evidence = [
    sent === null ? null : `\`${sent.param}\` was sent as ${sent.value}`,
    echo === null ? null : `${pathText(echo.path)} is ${String(echo.value)}`,
  ].filter((line) => line !== null)
  const params = sent === null ? [echo?.path.at(-1) ?? 'offset', 'offset'] : [sent.param]
  return [...new Set(params)].map((param) => ({
    paginate: { type: 'offset', param, start, ...placeOf(answer, param) },
    evidence: [...evidence, `sent as \`${param}\``],
  }))
}

/** A flag without any number or token: the id of the last item is what such APIs continue from. */
function byLastRecord({ items }: FirstAnswer, { stop, promised }: Extent): Proposal[] {
  const last = items.at(-1)
  if (!promised || !('has_more_path' in stop) || 'total_items_path' in stop || !isObject(last)) return []
  const field = ID.find((name) => typeof last[name] === 'string' || typeof last[name] === 'number')
  if (field === undefined) return []
  return ['starting_after', 'after'].map((param) => ({
    paginate: { type: 'last_record', field, param },
    evidence: [`every item has \`${field}\``, `sent as \`${param}\``],
  }))
}

function byUsualNames(extent: Extent, named: readonly Proposal[]): Proposal[] {
  const has = (type: string): boolean => named.some(({ paginate }) => paginate.type === type)
  // From 0 first: where pages count from 1 that is page 1 again and refused, while the reverse would skip a page unseen.
  const pages = [0, 1].map((start): Proposal => ({
    paginate: { type: 'page', param: 'page', start },
    evidence: ['the usual name of page numbers', `counted from ${start}`],
  }))
  const offset: Proposal = {
    paginate: { type: 'offset', param: 'offset', start: 0 },
    evidence: ['the usual name of offsets'],
  }
  if (extent.more === null && extent.limit === null) return []
  return [...(has('page') ? [] : pages), ...(has('offset') ? [] : [offset])]
}

/** A number beyond the total, such as the time in `from=1700000000`, filters and counts nothing. */
function sentOffset(answer: FirstAnswer, { total }: Extent): ReturnType<typeof sentUnder> {
  const sent = sentUnder(answer, OFFSET)
  return sent === null || total === null || sent.value < total || sent.value <= 1 ? sent : null
}

const offsetIsBetterKnown = (answer: FirstAnswer, extent: Extent): boolean =>
  sentOffset(answer, extent) !== null && sentUnder(answer, PAGE) === null

function sentUnder({ params, json }: FirstAnswer, names: readonly string[]): { param: string; value: number } | null {
  const sent = { ...(isObject(json) ? json : {}), ...params }
  const found = Object.entries(sent).find(([name, value]) => names.includes(plainName(name)) && isCount(value))
  return found === undefined ? null : { param: found[0], value: Number(found[1]) }
}

const placeOf = ({ params, json }: FirstAnswer, param: string): { in?: string } =>
  isObject(json) && !Object.hasOwn(params, param) ? { in: 'json' } : {}
