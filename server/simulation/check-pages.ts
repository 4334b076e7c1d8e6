import { collectPages } from '@/domain/execution/collect-pages'
import type { PageRecord } from '@/domain/execution/element-records'
import { nameOf, type IterationRow } from './model/rows'
import { askedBy, truthOf, urlOfRecord } from './paged-answer'
import { PAGE_SIZE } from './shape'
import type { World } from './world'

/** P1: every page once, each as the API has it; of a completed element every item once, and none left out without a word. */
export function checkPages(world: World): void {
  const rows = world.db.execution.steps.find(({ step }) => step === 'fetch')?.iterations ?? []
  for (const row of rows) {
    const stored = pagesOf(world, row)
    const broken = (message: string): void => world.witness.broken('P1', `"${nameOf(row)}" ${message}`)
    for (const message of [...faultsOf(world, row, stored), ...lacksOf(world, row, stored)]) broken(message)
  }
}

function pagesOf({ db }: World, { index }: IterationRow): PageRecord[] {
  return db.execution.pageRows
    .filter((page) => page.step === 'fetch' && page.index === index)
    .map(({ record }) => record)
    .toSorted((a, b) => a.page - b.page)
}

/** What is wrong with the pages of an element, whether it is completed or not. */
function faultsOf({ scenario }: World, row: IterationRow, stored: readonly PageRecord[]): string[] {
  const faults: string[] = []
  const numbers = stored.map(({ page }) => page)
  if (new Set(numbers).size !== numbers.length) faults.push(`holds pages ${numbers.join(', ')}`)
  if (row.pages !== numbers.length) faults.push(`counts ${row.pages} pages and has ${numbers.length}`)
  const name = nameOf(row)
  const truth = truthOf(name, scenario.elements.get(name) ?? 0)
  for (const record of stored) {
    const { data } = JSON.parse(record.body ?? '{}') as { data?: unknown }
    const { from } = askedBy(scenario.shape, urlOfRecord(record.request))
    const there = Array.isArray(data) ? truth.slice(from, from + data.length) : null
    if (JSON.stringify(data) !== JSON.stringify(there)) faults.push(`has a page ${record.page} that the API has not`)
  }
  return faults
}

/** What a completed element lacks, has twice or has in another order, and nothing that it says accounts for. */
function lacksOf(world: World, row: IterationRow, stored: readonly PageRecord[]): string[] {
  if (row.status !== 'COMPLETED') return []
  const { scenario, witness } = world
  const name = nameOf(row)
  const items = stored.flatMap((record) => numbersIn(world, record))
  const lacks: string[] = []
  if (new Set(items).size !== items.length) lacks.push(`has items twice: ${items.join(', ')}`)
  if (row.items !== items.length) lacks.push(`counts ${row.items} items and has ${items.length}`)
  // What fills a gap comes after the pages that were on their way.
  const isInOrder = scenario.shape.pagination !== 'offsets at once' || !scenario.shape.isCapped
  if (isInOrder && items.some((item, place) => item < (items[place - 1] ?? 0)))
    lacks.push(`has its items in another order: ${items.join(', ')}`)
  const excuses = excusesOf(world, row, stored)
  const all = Array.from({ length: (scenario.elements.get(name) ?? 0) * PAGE_SIZE }, (_, place) => place)
  const missing = all.filter((item) => !items.includes(item))
  for (const { what } of excuses) witness.met(`ends with ${what}`)
  const unexplained = missing.filter((item) => !excuses.some(({ covers }) => covers(item)))
  if (unexplained.length > 0) lacks.push(`is completed (${row.stopReason}) without items ${unexplained.join(', ')}`)
  const skipped = skippedPages(world, row)
  const numbers = [...stored.map(({ page }) => page), ...skipped.keys()].toSorted((a, b) => a - b)
  // Of pages fetched at once those behind the one that failed may be there or not.
  const isWhole = row.stopReason === 'page_error' || numbers.every((page, place) => page === place + 1)
  if (!isWhole) lacks.push(`is completed with pages ${numbers.join(', ')}`)
  const empty = stored.filter((record) => record.page > 1 && numbersIn(world, record).length === 0)
  if (empty.length > 0 && skipped.size === 0) lacks.push(`asked for more than there is: page ${empty[0]?.page}`)
  return lacks
}

const numbersIn = ({ scenario }: World, { body, itemsPath, items }: PageRecord): number[] => {
  const [, step] = scenario.playbook.workflow
  const kept = step === undefined ? [] : collectPages(step, [{ body, itemsPath, items }])
  return Array.isArray(kept) ? kept.map((item: { id: string }) => Number(item.id.split('-')[1])) : []
}

/** Items that may be missing, since the element tells that and why they do. */
type Excuse = { what: string; covers: (item: number) => boolean }

function excusesOf(world: World, row: IterationRow, stored: readonly PageRecord[]): Excuse[] {
  const { scenario } = world
  const { shape } = scenario
  const excuses: Excuse[] = []
  const warnsOf = (kind: string): boolean => row.warnings.some((warning) => Object(warning).kind === kind)
  const skipped = skippedPages(world, row)
  if (skipped.size > 0 && warnsOf('page_skipped')) {
    const size = Math.max(PAGE_SIZE, ...stored.map((record) => numbersIn(world, record).length))
    const begins = [...skipped.values()]
    excuses.push({
      what: 'pages skipped',
      covers: (item) => begins.some((from) => item >= from && item < from + size),
    })
  }
  if (row.stopReason === 'page_error' && shape.onPageError === 'stop' && warnsOf('more_available')) {
    const from = Math.min(...givenUp(world, row).map((record) => fromOf(world, record)))
    excuses.push({ what: 'a page_error', covers: (item) => item >= from })
  }
  // The one that ended it was opened as well.
  const failed = row.stopReason === 'page_error' ? new Set(givenUp(world, row).map(({ page }) => page)).size : 0
  const pages = stored.length + Math.max(skipped.size, failed)
  if (shape.maxPages !== null && pages >= shape.maxPages && (warnsOf('more_available') || warnsOf('total_mismatch'))) {
    const last = Math.max(-1, ...stored.flatMap((record) => numbersIn(world, record)))
    // Of pages fetched at once those that came short may have no page left to be filled in by.
    const isFilled = shape.pagination === 'offsets at once'
    excuses.push({ what: 'max_pages', covers: (item) => isFilled || item > last })
  }
  return excuses
}

const fromOf = ({ scenario }: World, { request }: Pick<PageRecord, 'request'>): number =>
  askedBy(scenario.shape, urlOfRecord(request)).from

/** Tries after which their page was given up. */
const givenUp = ({ db }: World, row: IterationRow) =>
  [...db.execution.attempts]
    .filter(([key, { delayMs }]) => delayMs === null && key.startsWith(`fetch/${row.index}/`))
    .map(([, attempt]) => attempt)

/** The pages that were told to be left out, and the item at which each begins. */
function skippedPages(world: World, row: IterationRow): Map<number, number> {
  const { events } = world.db.execution
  const given = givenUp(world, row)
  const told = events.filter(
    (event) =>
      event.event_type === 'page_retry' &&
      event.status === 'SKIPPED' &&
      event.node_name === 'fetch' &&
      event.iteration_index === row.index,
  )
  return new Map(
    told.flatMap(({ page, attempt }) => {
      const record = given.find((each) => each.page === page && each.attempt === attempt)
      return record === undefined ? [] : [[record.page, fromOf(world, record)] as const]
    }),
  )
}
