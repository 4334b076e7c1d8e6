import { eventContext } from './event-context'
import { isSameIteration } from './fence-commits'
import type { PageCommit } from './page-commit'
import type { Queryable } from './pool'
import { toJson } from './to-json'
import { toJsonb } from './to-jsonb'
import { writeCommitsSql } from './write-commits-sql'

/**
 * Writes commits whose rows `fenceCommits` has locked: pages, attempts, events, checkpoints and every counter in one
 * statement, and one notification an execution. `lastSeqs` holds the last `seq` of each execution.
 */
export async function writeCommits(
  client: Queryable,
  commits: readonly PageCommit[],
  lastSeqs: ReadonlyMap<string, number>,
): Promise<void> {
  const pages = commits.flatMap((commit) => commit.page ?? [])
  await client.query({
    name: `write-commits-${pages.length}`,
    text: writeCommitsSql(pages.length),
    values: [
      toJsonb(pageRows(commits)),
      toJsonb(attemptRows(commits)),
      eventRows(commits, lastSeqs),
      toJsonb(iterationRows(commits)),
      ...pages.map((page) => (page.body === null ? null : toJson(page.body))),
      ...pages.map((page) => (page.items === null ? null : toJson(page.items))),
    ],
  })
}

const keyOf = (commit: PageCommit) => ({
  execution_id: commit.executionId,
  step: commit.step,
  iteration_index: commit.index,
})

const pageRows = (commits: readonly PageCommit[]) =>
  commits.flatMap((commit) => {
    if (commit.page === null) return []
    const { body: _body, items: _items, ...page } = commit.page
    return {
      ...keyOf(commit),
      page: page.page,
      request: page.request,
      status: page.status,
      response_headers: page.responseHeaders,
      timing: page.timing,
      started_at: page.startedAt,
      duration_ms: Math.round(page.durationMs),
      bytes: page.bytes,
      item_count: page.itemCount,
      items_path: page.itemsPath,
      next: page.next,
      fingerprints: page.fingerprints,
      attempt: page.attempt,
    }
  })

const attemptRows = (commits: readonly PageCommit[]) =>
  commits.flatMap((commit) => {
    if (commit.attempt === null) return []
    const { attempt } = commit
    return {
      ...keyOf(commit),
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
    }
  })

function eventRows(commits: readonly PageCommit[], lastSeqs: ReadonlyMap<string, number>): string {
  const seqs = new Map(lastSeqs)
  const rows = commits.flatMap((commit) =>
    commit.events.map(({ context, ...facts }) => {
      const seq = (seqs.get(commit.executionId) ?? 0) + 1
      seqs.set(commit.executionId, seq)
      const head = JSON.stringify({ ...facts, seq, execution_id: commit.executionId })
      return `${head.slice(0, -1)},"context":${eventContext(context)}}`
    }),
  )
  return `[${rows.join(',')}]`
}

/** Items that a commit adds to the result; negative where a page replaces a larger one. */
const addedItems = ({ page }: PageCommit): number => (page === null ? 0 : page.itemCount - page.replacedItems)

/** One row an iteration: its newest checkpoint, and what its commits add to the counters. */
function iterationRows(commits: readonly PageCommit[]) {
  const newest = commits.filter(
    (commit, place) => !commits.slice(place + 1).some((later) => isSameIteration(later, commit)),
  )
  return newest.map((last) => {
    const own = commits.filter((commit) => isSameIteration(commit, last))
    return {
      ...keyOf(last),
      checkpoint: last.checkpoint,
      status: last.status ?? 'RUNNING',
      next_attempt_at: last.nextAttemptAt ?? null,
      pages: own.filter((commit) => commit.page !== null).length,
      items: own.reduce((sum, commit) => sum + addedItems(commit), 0),
      retries: own.filter((commit) => typeof commit.attempt?.delayMs === 'number').length,
      events: own.reduce((sum, commit) => sum + commit.events.length, 0),
    }
  })
}
