import { collectPages } from '@/domain/execution/collect-pages'
import type { PageRecord } from '@/domain/execution/element-records'
import type { Step } from '@/domain/playbook/playbook'
import { nameOf, type IterationRow } from './model/rows'
import { AFTER, askedBy, pagesOf, shapeFor, truthOf, urlOfRecord } from './paged-answer'
import { PAGE_SIZE, type Shape } from './shape'
import type { World } from './world'

/** An element of either step, with its pages in order. */
type Checked = {
  step: Step
  name: string
  shape: Shape
  truth: readonly unknown[]
  row: IterationRow
  stored: PageRecord[]
}

/** P1: every page once, each as the API has it; of a completed element every item once, and none left out without a word. */
export function checkPages(world: World): void {
  const { db, witness } = world
  for (const step of db.execution.run.playbook.workflow) {
    const rows = db.execution.steps.find((each) => each.step === step.step)?.iterations ?? []
    if (step.step === 'after' && rows.length > 0) witness.met('steps after a step')
    for (const row of rows) {
      const checked = checkedOf(world, step, row)
      const faults = [...faultsOf(world, checked), ...lacksOf(world, checked), ...strayOf(world, checked)]
      for (const message of faults) witness.broken('P1', `"${checked.name}" ${message}`)
    }
  }
}

function checkedOf({ db, scenario }: World, step: Step, row: IterationRow): Checked {
  const name = step.step === 'after' ? `${AFTER}${row.index}` : nameOf(row)
  const stored = db.execution.pageRows
    .filter((page) => page.step === step.step && page.index === row.index)
    .map(({ record }) => record)
    .toSorted((a, b) => a.page - b.page)
  const truth = truthOf(name, pagesOf(scenario.elements, name))
  return { step, name, shape: shapeFor(scenario.shape, name), truth, row, stored }
}

/** The second step loops over what the first one had gathered by then; an element that failed it goes on without. */
function strayOf({ db }: World, { step, row }: Checked): string[] {
  const [, first] = db.execution.run.playbook.workflow
  if (step.step !== 'after' || row.element === null || first === undefined) return []
  const of = first.loop === null ? 0 : row.index
  const pages = db.execution.pageRows.filter((page) => page.step === first.step && page.index === of)
  const gathered = collectPages(
    first,
    pages.map(({ record }) => record).toSorted((a, b) => a.page - b.page),
  )
  const due = first.loop === null && Array.isArray(gathered) ? gathered[row.index] : gathered
  return JSON.stringify(row.element) === JSON.stringify(due) ? [] : ['stands for other items than were gathered']
}

/** What is wrong with the pages of an element, whether it is completed or not. */
function faultsOf({ scenario }: World, { row, stored, truth }: Checked): string[] {
  const faults: string[] = []
  const numbers = stored.map(({ page }) => page)
  if (new Set(numbers).size !== numbers.length) faults.push(`holds pages ${numbers.join(', ')}`)
  if (row.pages !== numbers.length) faults.push(`counts ${row.pages} pages and has ${numbers.length}`)
  for (const record of stored) {
    const { data } = JSON.parse(record.body ?? '{}') as { data?: unknown }
    const { from } = askedBy(scenario.shape, urlOfRecord(record.request))
    const there = Array.isArray(data) ? truth.slice(from, from + data.length) : null
    if (JSON.stringify(data) !== JSON.stringify(there)) faults.push(`has a page ${record.page} that the API has not`)
  }
  return faults
}

/** What a completed element lacks, has twice or has in another order, and nothing that it says accounts for. */
function lacksOf(world: World, checked: Checked): string[] {
  const { row, stored, shape, truth } = checked
  if (row.status !== 'COMPLETED') return []
  const { witness } = world
  const items = stored.flatMap((record) => numbersIn(checked, record))
  const lacks: string[] = []
  if (new Set(items).size !== items.length) lacks.push(`has items twice: ${items.join(', ')}`)
  if (row.items !== items.length) lacks.push(`counts ${row.items} items and has ${items.length}`)
  // What fills a gap comes after the pages that were on their way.
  const isInOrder = shape.pagination !== 'offsets at once' || !shape.isCapped
  if (isInOrder && items.some((item, place) => item < (items[place - 1] ?? 0)))
    lacks.push(`has its items in another order: ${items.join(', ')}`)
  const excuses = excusesOf(world, checked)
  const missing = [...truth.keys()].filter((item) => !items.includes(item))
  for (const { what } of excuses) witness.met(`ends with ${what}`)
  const unexplained = missing.filter((item) => !excuses.some(({ covers }) => covers(item)))
  if (unexplained.length > 0) lacks.push(`is completed (${row.stopReason}) without items ${unexplained.join(', ')}`)
  const skipped = skippedPages(world, checked)
  const numbers = [...stored.map(({ page }) => page), ...skipped.keys()].toSorted((a, b) => a - b)
  // Of pages fetched at once those behind the one that failed may be there or not.
  const isWhole = row.stopReason === 'page_error' || numbers.every((page, place) => page === place + 1)
  if (!isWhole) lacks.push(`is completed with pages ${numbers.join(', ')}`)
  const empty = stored.filter((record) => record.page > 1 && numbersIn(checked, record).length === 0)
  if (empty.length > 0 && skipped.size === 0) lacks.push(`asked for more than there is: page ${empty[0]?.page}`)
  return lacks
}

const numbersIn = ({ step }: Checked, { body, itemsPath, items }: PageRecord): number[] => {
  const kept = collectPages(step, [{ body, itemsPath, items }])
  return Array.isArray(kept) ? kept.map((item: { id: string }) => Number(item.id.split('-')[1])) : []
}

/** Items that may be missing, since the element tells that and why they do. */
type Excuse = { what: string; covers: (item: number) => boolean }

function excusesOf(world: World, checked: Checked): Excuse[] {
  const { row, stored, shape } = checked
  const excuses: Excuse[] = []
  const warnsOf = (kind: string): boolean => row.warnings.some((warning) => Object(warning).kind === kind)
  const skipped = skippedPages(world, checked)
  if (skipped.size > 0 && warnsOf('page_skipped')) {
    const size = Math.max(PAGE_SIZE, ...stored.map((record) => numbersIn(checked, record).length))
    const begins = [...skipped.values()]
    excuses.push({
      what: 'pages skipped',
      covers: (item) => begins.some((from) => item >= from && item < from + size),
    })
  }
  if (row.stopReason === 'page_error' && shape.onPageError === 'stop' && warnsOf('more_available')) {
    const from = Math.min(...givenUp(world, checked).map((record) => fromOf(world, record)))
    excuses.push({ what: 'a page_error', covers: (item) => item >= from })
  }
  // The one that ended it was opened as well.
  const failed = row.stopReason === 'page_error' ? new Set(givenUp(world, checked).map(({ page }) => page)).size : 0
  const pages = stored.length + Math.max(skipped.size, failed)
  if (shape.maxPages !== null && pages >= shape.maxPages && (warnsOf('more_available') || warnsOf('total_mismatch'))) {
    const last = Math.max(-1, ...stored.flatMap((record) => numbersIn(checked, record)))
    // Of pages fetched at once those that came short may have no page left to be filled in by.
    const isFilled = shape.pagination === 'offsets at once'
    excuses.push({ what: 'max_pages', covers: (item) => isFilled || item > last })
  }
  return excuses
}

const fromOf = ({ scenario }: World, { request }: Pick<PageRecord, 'request'>): number =>
  askedBy(scenario.shape, urlOfRecord(request)).from

/** Tries after which their page was given up. */
const givenUp = ({ db }: World, { step, row }: Checked) =>
  [...db.execution.attempts]
    .filter(([key, { delayMs }]) => delayMs === null && key.startsWith(`${step.step}/${row.index}/`))
    .map(([, attempt]) => attempt)

/** The pages that were told to be left out, and the item at which each begins. */
function skippedPages(world: World, checked: Checked): Map<number, number> {
  const { step, row } = checked
  const { events } = world.db.execution
  const given = givenUp(world, checked)
  const told = events.filter(
    (event) =>
      event.event_type === 'page_retry' &&
      event.status === 'SKIPPED' &&
      event.node_name === step.step &&
      event.iteration_index === row.index,
  )
  return new Map(
    told.flatMap(({ page, attempt }) => {
      const record = given.find((each) => each.page === page && each.attempt === attempt)
      return record === undefined ? [] : [[record.page, fromOf(world, record)] as const]
    }),
  )
}
