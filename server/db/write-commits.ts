import { eventsJson } from './append-events'
import { eventContext } from './event-context'
import {
  handingOverRow,
  NOT_SETTLED,
  readHandedOver,
  type HandedOver,
  type HandedOverRow,
  type HandingOver,
} from './hand-over'
import { pageColumns } from './page-columns'
import type { PageCommit } from './page-commit'
import type { Queryable } from './pool'
import { queryAtOnce } from './query-at-once'
import { toJson } from './to-json'
import { fromExactJsonb, toExactJsonb } from './exact-jsonb'
import { toJsonb } from './to-jsonb'

/**
 * Writes commits in their order, in one transaction and one trip: pages, attempts, events with their `seq`, checkpoints,
 * every counter, one notification an execution; then ends iterations. Tells of each whether it is on record now.
 */
export async function writeCommits(
  client: Queryable,
  commits: readonly PageCommit[],
  settlements: readonly HandingOver[],
): Promise<{ written: boolean[]; settled: HandedOver[] }> {
  const pages = commits.flatMap((commit) => commit.page ?? [])
  const { rows } = await queryAtOnce<{ round: string }>(client, {
    name: `commit-round-${pages.length}`,
    text: commitRoundSql(pages.length),
    values: [
      settlementRows(settlements),
      toExactJsonb(commitRows(commits)),
      toJsonb(pageRows(commits)),
      toJsonb(commits.flatMap(attemptRows)),
      eventRows(commits),
      ...pages.map(({ body }) => (typeof body === 'string' ? toJson(body) : body)),
      ...pages.map((page) => (page.items === null ? null : toJson(page.items))),
    ],
  })
  const round = readRound(rows[0]?.round)
  return {
    written: round.written,
    settled: settlements.map((settlement, place) => {
      const row = round.settled[place]
      return row === undefined ? NOT_SETTLED : readHandedOver(row, settlement)
    }),
  }
}

type Round = { written: boolean[]; settled: HandedOverRow[] }

/** As text, because elements that are handed over may hold integers beyond 2^53. */
const readRound = (text: string | undefined): Round =>
  text === undefined ? { written: [], settled: [] } : (fromExactJsonb(text) as Round)

/** A parameter a body: to quote 26 kB of JSON inside of an array costs as much again as to write it. */
const commitRoundSql = (pages: number): string =>
  `SELECT noetl.commit_round($1, $2, $3, $4, $5, ${parameters(6, pages)}, ${parameters(6 + pages, pages)})::text AS round`

const parameters = (first: number, count: number): string =>
  `ARRAY[${Array.from({ length: count }, (_, place) => `$${first + place}`).join(', ')}]::text[]`

/** Of a claim's commits in a round only the last leaves its checkpoint. */
function commitRows(commits: readonly PageCommit[]) {
  const last = new Map(
    commits.map((commit, place) => [`${commit.executionId}/${commit.index}/${commit.epoch}/${commit.step}`, place]),
  )
  const isLast = new Set(last.values())
  return commits.map((commit, place) => ({
    ...commitRow(commit, place),
    checkpoint: isLast.has(place) ? commit.checkpoint : null,
  }))
}

const commitRow = (commit: PageCommit, place: number) => ({
  ord: place + 1,
  execution_id: commit.executionId,
  step: commit.step,
  iteration_index: commit.index,
  epoch: commit.epoch,
  page: commit.page?.page ?? null,
  status: commit.status ?? 'RUNNING',
  next_attempt_at: commit.nextAttemptAt ?? null,
  pages: commit.page === null ? 0 : 1,
  items: addedItems(commit),
  retries: typeof commit.attempt?.delayMs === 'number' ? 1 : 0,
  events: commit.events.length,
  moved: hasMoved(commit),
})

/** What ends the count of starts that came to nothing (P11): that the work began does not. */
export const hasMoved = ({ page, attempt, status }: Pick<PageCommit, 'page' | 'attempt' | 'status'>): boolean =>
  page !== null || attempt !== null || status === 'WAITING'

/** Items that a commit adds to the result; negative where a page replaces a larger one. */
const addedItems = ({ page }: PageCommit): number => (page === null ? 0 : page.itemCount - page.replacedItems)

function pageRows(commits: readonly PageCommit[]) {
  let place = 0
  return commits.flatMap(({ page }, at) =>
    page === null
      ? []
      : {
          ord: at + 1,
          place: ++place,
          page: page.page,
          ...pageColumns(page),
        },
  )
}

const attemptRows = ({ attempt }: PageCommit, at: number) =>
  attempt === null
    ? []
    : [
        {
          ord: at + 1,
          page: attempt.page,
          attempt: attempt.attempt,
          request: attempt.request,
          status: attempt.status,
          response_headers: attempt.responseHeaders,
          body_text: attempt.bodyText,
          error: attempt.error,
          delay_ms: attempt.delayMs === null ? null : Math.round(attempt.delayMs),
          started_at: attempt.startedAt,
          duration_ms: Math.round(attempt.durationMs),
        },
      ]

function eventRows(commits: readonly PageCommit[]): string {
  let place = 0
  const rows = commits.flatMap((commit, at) =>
    commit.events.map(({ context, ...facts }) => {
      const head = JSON.stringify({ ...facts, ord: at + 1, place: ++place })
      return `${head.slice(0, -1)},"context":${eventContext(context)}}`
    }),
  )
  return `[${rows.join(',')}]`
}

const settlementRows = (settlements: readonly HandingOver[]): string => {
  const rows = settlements.map((settlement) => {
    const head = toJsonb(handingOverRow(settlement))
    return `${head.slice(0, -1)},"events":${eventsJson(settlement.events)}}`
  })
  return `[${rows.join(',')}]`
}
