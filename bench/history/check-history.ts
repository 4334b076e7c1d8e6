import { checkChildren } from './check-children'
import { placeOf, type EventFacts, type Expected, type History } from './history'

export type Verdict = {
  pagesExpected: number
  pagesStored: number
  /** Requests that would not have been needed had nothing been killed. */
  requestedTwice: number
  events: number
  /** Numbers missing in `seq`. */
  gaps: number
  /** One sentence for each promise that was broken; empty is good. */
  broken: string[]
}

const TERMINAL: ReadonlySet<string> = new Set(['playbook_completed', 'playbook_failed', 'playbook_cancelled'])
/** Of these there is one an element, and of the others one a step. */
const ONCE_AN_ELEMENT: ReadonlySet<string> = new Set(['iteration_started', 'iteration_completed', 'iteration_failed'])
const ONCE_A_STEP: ReadonlySet<string> = new Set([
  'step_started',
  'step_result',
  'iterator_started',
  'iterator_completed',
])

/** Holds what is on record of an execution that has ended against the promises P1, P2, P4, P9 and P12, and its end against those of its children. */
export function checkHistory(history: History, expected: Expected): Verdict {
  const completed = history.status === 'COMPLETED'
  const wanted = completed ? expectedPlaces(expected) : null
  const repeats = repeatsOf(history, expected)
  const findings = [
    ...checkEnd(history),
    ...checkSeq(history),
    ...checkPagesOnce(history),
    ...checkEventsOnce(history),
    ...checkCounters(history),
    ...checkChildren(history, expected.children ?? {}),
    ...repeats.broken,
    ...(wanted === null ? [] : checkWhole(history, expected, wanted)),
  ]
  return {
    pagesExpected: wanted?.size ?? history.stored.length,
    pagesStored: history.stored.length,
    requestedTwice: repeats.count,
    events: history.events.length,
    gaps: history.lastSeq - new Set(history.events.map(({ seq }) => seq)).size,
    broken: findings.map((finding) => `execution ${history.executionId}: ${finding}`),
  }
}

/** Places of all pages of a whole run, with the items of each. */
function expectedPlaces({ steps }: Expected): Map<string, number> {
  const places = new Map<string, number>()
  for (const [step, { elements, pages, items }] of Object.entries(steps))
    for (let index = 0; index < elements; index += 1)
      for (let page = 1; page <= pages; page += 1) places.set(placeOf({ step, index, page }), items)
  return places
}

/**
 * One terminal event, and nothing after it; what is killed or refused is tried again, so nothing
 * but a child that did not complete is a reason to fail.
 */
function checkEnd({ status, error, events, children }: History): string[] {
  const ends = events.filter(({ type }) => TERMINAL.has(type))
  const last = events.at(-1)?.type
  if (!['COMPLETED', 'FAILED', 'CANCELLED'].includes(status)) return [`has not ended, it is ${status}`]
  if (last !== `playbook_${status.toLowerCase()}`) return [`is ${status}, but its last event is ${last}`]
  if (status === 'FAILED' && children.every((child) => child.status === 'COMPLETED')) return [`failed: ${error}`]
  return ends.length === 1 ? [] : [`ended ${ends.length} times: ${ends.map(({ type }) => type).join(', ')}`]
}

/** `seq` counts 1, 2, 3 without a gap. */
function checkSeq({ events, lastSeq }: History): string[] {
  const wrong = events.findIndex(({ seq }, place) => seq !== place + 1)
  if (wrong !== -1) return [`event ${wrong + 1} has seq ${events[wrong]?.seq}`]
  return lastSeq === events.length ? [] : [`last_seq is ${lastSeq}, but there are ${events.length} events`]
}

/** Each stored page has one event, each event a page, and pages of an element come in order (P1, P12). */
function checkPagesOnce({ stored, events }: History): string[] {
  const told = countBy(
    events.flatMap(({ type, step, index, page }) =>
      type === 'page_fetched' ? [placeOf({ step: step ?? '', index: index ?? 0, page: page ?? 0 })] : [],
    ),
  )
  const places = new Set(stored.map(placeOf))
  const last = new Map<string, number>()
  const order = events.flatMap(({ type, step, index, page }) => {
    if (type !== 'page_fetched') return []
    const before = last.get(`${step}/${index}`) ?? 0
    last.set(`${step}/${index}`, page ?? 0)
    return (page ?? 0) > before ? [] : [`page ${step}/${index}/${page} was told after page ${before}`]
  })
  return [
    ...[...places]
      .filter((place) => !told.has(place))
      .map((place) => `page ${place} is stored, but no event tells of it`),
    ...[...told.keys()]
      .filter((place) => !places.has(place))
      .map((place) => `page ${place} was told of, but is not stored`),
    ...[...told].filter(([, times]) => times > 1).map(([place, times]) => `page ${place} was told of ${times} times`),
    ...order,
  ]
}

function checkEventsOnce({ events, status, iterations, steps }: History): string[] {
  const nameOf = ({ type, step, index }: EventFacts): string[] => {
    if (ONCE_AN_ELEMENT.has(type)) return [`${type} ${step}/${index}`]
    return ONCE_A_STEP.has(type) ? [`${type} ${step}`] : []
  }
  const told = countBy(events.flatMap(nameOf))
  const looped = new Set(events.flatMap(({ type, step }) => (type === 'iterator_started' ? [step] : [])))
  const due =
    status === 'COMPLETED'
      ? [
          ...iterations
            .filter(({ step, index }) => index >= 0 && looped.has(step))
            .flatMap(({ step, index }) => [
              `iteration_started ${step}/${index}`,
              `iteration_completed ${step}/${index}`,
            ]),
          ...steps.flatMap(({ step }) => [`step_started ${step}`, `step_result ${step}`]),
        ]
      : []
  return [
    ...[...told].filter(([, times]) => times > 1).map(([name, times]) => `${name} was told ${times} times`),
    ...due.filter((name) => !told.has(name)).map((name) => `${name} was never told`),
  ]
}

/** Every counter equals what it counts. */
function checkCounters(history: History): string[] {
  const { steps, iterations, stored } = history
  const findings: string[] = []
  const compare = (name: string, counter: number, counted: number): void => {
    if (counter !== counted) findings.push(`${name} is ${counter}, counted are ${counted}`)
  }
  compare('pages of the execution', history.pages, stored.length)
  compare('items of the execution', history.items, itemsIn(stored))
  for (const row of steps) {
    const own = stored.filter(({ step }) => step === row.step)
    const elements = iterations.filter(({ step, index }) => step === row.step && index >= 0)
    compare(`pages of step ${row.step}`, row.pages, own.length)
    compare(`items of step ${row.step}`, row.items, itemsIn(own))
    compare(`completed elements of step ${row.step}`, row.completed, countOf(elements, 'COMPLETED'))
    compare(`failed elements of step ${row.step}`, row.failed, countOf(elements, 'FAILED'))
  }
  for (const row of iterations) {
    const own = stored.filter(({ step, index }) => step === row.step && index === row.index)
    compare(`pages of element ${row.step}/${row.index}`, row.pages, own.length)
    compare(`items of element ${row.step}/${row.index}`, row.items, itemsIn(own))
  }
  return findings
}

/** At least once, and more often only for what was interrupted (P2). */
function repeatsOf({ stored, failures }: History, expected: Expected): { count: number; broken: string[] } {
  const failed = countBy(failures.map(placeOf))
  const broken: string[] = []
  let count = 0
  const own = [...expected.asked.keys()].filter((place) => Object.hasOwn(expected.steps, place.split('/', 1)[0] ?? ''))
  for (const place of new Set([...stored.map(placeOf), ...own])) {
    const asked = expected.asked.get(place) ?? 0
    const repeats = Math.max(0, asked - 1 - (failed.get(place) ?? 0))
    count += repeats
    if (repeats > expected.interruptions)
      broken.push(`page ${place} was asked for ${asked} times, with ${expected.interruptions} interruptions`)
  }
  for (const place of stored.map(placeOf))
    if (!expected.asked.has(place)) broken.push(`page ${place} is stored, but the API was never asked for it`)
  return { count, broken }
}

/** A completed run has every page with all its items, and every row of its sinks once. */
function checkWhole({ stored }: History, { sinkRows }: Expected, wanted: ReadonlyMap<string, number>): string[] {
  const items = new Map(stored.map((page) => [placeOf(page), page.items]))
  const findings = [
    ...[...wanted.keys()].filter((place) => !items.has(place)).map((place) => `page ${place} is missing`),
    ...[...items.keys()].filter((place) => !wanted.has(place)).map((place) => `page ${place} is one too many`),
    ...[...items]
      .filter(([place, count]) => wanted.has(place) && wanted.get(place) !== count)
      .map(([place, count]) => `page ${place} has ${count} items, not ${wanted.get(place)}`),
  ]
  if (sinkRows === undefined) return findings
  const rows = countBy(sinkRows.stored)
  if (rows.size !== sinkRows.expected) findings.push(`the sinks stored ${rows.size} rows, not ${sinkRows.expected}`)
  const twice = [...rows].filter(([, times]) => times > 1)
  if (twice.length > 0) findings.push(`the sinks stored ${twice.length} rows more than once, such as ${twice[0]?.[0]}`)
  return findings
}

const itemsIn = (pages: readonly { items: number }[]): number => pages.reduce((sum, { items }) => sum + items, 0)

const countOf = (elements: readonly { status: string }[], wanted: string): number =>
  elements.filter(({ status }) => status === wanted).length

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
