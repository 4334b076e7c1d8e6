import type { PageCommit } from './page-commit'
import type { Queryable } from './pool'

const LOCK_EXECUTIONS = `
  SELECT execution_id, last_seq FROM noetl.execution
  WHERE execution_id = ANY ($1::bigint[]) AND status IN ('RUNNING', 'PAUSED')
  ORDER BY execution_id
  FOR NO KEY UPDATE`

/** A statement of its own: only a snapshot taken after the executions are locked shows what their other writers did. */
const LOCK_ITERATIONS = `
  SELECT w.ord, EXISTS (
    SELECT FROM noetl.page p
    WHERE p.execution_id = i.execution_id AND p.step = i.step AND p.iteration_index = i.iteration_index AND p.page = w.page
  ) AS saved
  FROM unnest($1::bigint[], $2::text[], $3::int[], $4::int[], $5::int[]) WITH ORDINALITY
    AS w (execution_id, step, iteration_index, epoch, page, ord)
  JOIN noetl.iteration i ON i.execution_id = w.execution_id AND i.step = w.step
    AND i.iteration_index = w.iteration_index AND i.epoch = w.epoch
  WHERE i.execution_id = ANY ($6::bigint[]) AND i.status IN ('RUNNING', 'WAITING')
  ORDER BY i.execution_id, i.step, i.iteration_index
  FOR NO KEY UPDATE OF i`

export type Fenced<C> = {
  /** Commits whose claim still holds; their rows are locked. A page that is saved already is not among them twice. */
  open: C[]
  /** Commits whose page is on record (P1): done, and nothing to write. */
  saved: C[]
  lost: C[]
  /** By execution id, locked. */
  lastSeqs: Map<string, number>
}

/** Locks executions, then iterations, each in the order of their keys, and tells which commits may be written. */
export async function fenceCommits<C extends PageCommit>(client: Queryable, commits: readonly C[]): Promise<Fenced<C>> {
  const executions = await client.query<{ execution_id: string; last_seq: number }>({
    name: 'fence-lock-executions',
    text: LOCK_EXECUTIONS,
    values: [[...new Set(commits.map((commit) => commit.executionId))]],
  })
  const lastSeqs = new Map(executions.rows.map((row) => [row.execution_id, row.last_seq]))
  const iterations = await client.query<{ ord: string; saved: boolean }>({
    name: 'fence-lock-iterations',
    text: LOCK_ITERATIONS,
    values: [
      commits.map((commit) => commit.executionId),
      commits.map((commit) => commit.step),
      commits.map((commit) => commit.index),
      commits.map((commit) => commit.epoch),
      commits.map((commit) => commit.page?.page ?? null),
      [...lastSeqs.keys()],
    ],
  })
  const held = new Map(iterations.rows.map((row) => [Number(row.ord) - 1, row.saved]))
  const fenced: Fenced<C> = { open: [], saved: [], lost: [], lastSeqs }
  commits.forEach((commit, place) => {
    const saved = held.get(place)
    if (saved === undefined) fenced.lost.push(commit)
    else if (saved || repeats(fenced.open, commit)) fenced.saved.push(commit)
    else fenced.open.push(commit)
  })
  return fenced
}

const repeats = (earlier: readonly PageCommit[], commit: PageCommit): boolean =>
  commit.page !== null &&
  earlier.some((other) => isSameIteration(other, commit) && other.page?.page === commit.page?.page)

/** Whether both are of one element's turn. */
export const isSameIteration = (a: PageCommit, b: PageCommit): boolean =>
  a.executionId === b.executionId && a.step === b.step && a.index === b.index
