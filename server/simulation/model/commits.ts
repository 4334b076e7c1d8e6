import {
  NOT_SETTLED,
  readHandedOver,
  type HandedOver,
  type HandedOverRow,
  type HandingOver,
} from '@/server/db/hand-over'
import type { CommitResult, PageCommit, PageOfCommit } from '@/server/db/page-commit'
import { hasMoved } from '@/server/db/write-commits'
import { copyOf } from './claims'
import { appendEvents, iterationRow, stepRow, type Database } from './rows'

export type Round = { written: CommitResult[]; settled: HandedOver[] }

/** As `noetl.commit_round`: pages first, then the ends. */
export const commitRound = (
  db: Database,
  commits: readonly PageCommit[],
  settlements: readonly HandingOver[],
): Round => ({
  written: commitPages(db, commits),
  settled: settlements.map((settlement) => settle(db, settlement)),
})

/** As `noetl.commit_pages`: what is fenced or on record already is seen before anything is written. */
function commitPages(db: Database, commits: readonly PageCommit[]): CommitResult[] {
  const held = commits.filter((commit) => isHeld(db, commit))
  const news = held.filter(({ page, ...key }) => page === null || !db.execution.pageKeys.has(pageKeyOf(key, page.page)))
  const moved = new Set(news.filter(hasMoved).map((commit) => iterationRow(db, commit)))
  for (const commit of news) store(db, commit)
  const bringsCheckpoint = new Set(lastOfEach(commits))
  for (const commit of lastOfEach(news)) moveOn(db, commit, bringsCheckpoint.has(commit))
  for (const row of moved) if (row !== undefined) row.idleStarts = 0
  return commits.map((commit) => (held.includes(commit) ? 'written' : 'fenced'))
}

/** The last commit of each claim. */
const lastOfEach = (commits: readonly PageCommit[]): PageCommit[] => [
  ...new Map(commits.map((commit) => [`${commit.step}/${commit.index}/${commit.epoch}`, commit])).values(),
]

const isOpen = ({ execution }: Database): boolean => execution.status === 'RUNNING' || execution.status === 'PAUSED'

function isHeld(db: Database, commit: PageCommit): boolean {
  const row = iterationRow(db, commit)
  return isOpen(db) && row?.epoch === commit.epoch && (row.status === 'RUNNING' || row.status === 'WAITING')
}

export const pageKeyOf = ({ step, index }: { step: string; index: number }, page: number): string =>
  `${step}/${index}/${page}`

const textOf = (body: PageOfCommit['body']): string | null =>
  body instanceof Uint8Array ? Buffer.from(body).toString() : body

/** Page, attempt, events and every counter. */
function store(db: Database, commit: PageCommit): void {
  const { execution } = db
  const { page, attempt } = commit
  if (page !== null) {
    execution.pageKeys.add(pageKeyOf(commit, page.page))
    execution.pageRows.push({ step: commit.step, index: commit.index, record: { ...page, body: textOf(page.body) } })
  }
  if (attempt !== null) execution.attempts.set(`${pageKeyOf(commit, attempt.page)}/${attempt.attempt}`, attempt)
  const pages = page === null ? 0 : 1
  const items = page === null ? 0 : page.itemCount - page.replacedItems
  const retries = typeof attempt?.delayMs === 'number' ? 1 : 0
  for (const row of [iterationRow(db, commit), stepRow(db, commit.step), execution]) {
    if (row === undefined) continue
    row.pages += pages
    row.items += items
    if ('retries' in row) row.retries += retries
  }
  appendEvents(db, commit.events)
}

function moveOn(db: Database, commit: PageCommit, bringsCheckpoint: boolean): void {
  const row = iterationRow(db, commit)
  if (row === undefined) return
  if (bringsCheckpoint) row.checkpoint = copyOf(commit.checkpoint)
  row.status = commit.status ?? 'RUNNING'
  row.nextAttemptAt = commit.nextAttemptAt?.getTime() ?? null
  if (row.status !== 'WAITING') return
  row.workerId = null
  row.leaseUntil = null
}

/** As `noetl.settle_iteration`, and `noetl.hand_over` where the next element is asked for. */
function settle(db: Database, settlement: HandingOver): HandedOver {
  const { execution } = db
  const row = iterationRow(db, settlement)
  const step = stepRow(db, settlement.step)
  const isOurs =
    isOpen(db) &&
    row !== undefined &&
    (row.status === 'RUNNING' || row.status === 'WAITING') &&
    row.claimToken === settlement.claimToken
  if (!isOurs || step === undefined) return NOT_SETTLED
  row.status = settlement.status
  row.stopReason = settlement.stopReason
  row.warnings = settlement.warnings
  row.error = settlement.error
  row.nextAttemptAt = null
  row.workerId = null
  row.leaseUntil = null
  row.claimToken = null
  if (settlement.status === 'COMPLETED') step.completed += 1
  if (settlement.status === 'SKIPPED') step.skipped += 1
  if (settlement.status === 'FAILED') {
    step.failed += 1
    execution.failed += 1
  }
  appendEvents(db, settlement.events)
  const next = handOver(db, settlement)
  const { released, completed, failed, skipped, queued, size } = step
  const others = released === size && queued === 0 && released > completed + failed + skipped
  return readHandedOver({ settled: true, next, others }, settlement)
}

function handOver(db: Database, { step: name, next }: HandingOver): HandedOverRow['next'] {
  const step = stepRow(db, name)
  if (next === null || db.execution.status !== 'RUNNING' || step?.status !== 'RUNNING') return null
  const { released, completed, failed, skipped, concurrency, queued, size } = step
  if (released >= (size ?? 0) || released - completed - failed - skipped >= concurrency) return null
  if (queued > 0 || (failed > 0 && !next.goesOn)) return null
  const row = step.iterations[released]
  if (row?.status !== 'PENDING' || row.epoch !== 0) return null
  row.epoch = 1
  row.status = 'RUNNING'
  row.claimToken = next.claimToken
  row.workerId = next.workerId
  row.leaseUntil = db.now() + next.leaseMs
  row.idleStarts = 1
  row.startedAt = db.now()
  step.released += 1
  step.releasedAt = db.now()
  return { index: row.index, element: row.element, label: row.label }
}
