import { setTimeout as sleep } from 'node:timers/promises'
import { pool } from '@/server/db/pool'
import { resumeExecution } from '@/server/executions/resume-execution'
import { startExecution } from '@/server/executions/start-execution'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import type { EndedRun } from '../history/check-cancels'
import { checkHistory, type Verdict } from '../history/check-history'
import { readHistory } from '../history/read-history'
import type { ChaosApi } from './chaos-api'
import { CHILD_PLAYBOOKS, FAMILY_PLAYBOOK, outcomeOf, pagesPlaybook, SET_UP, workloadOf } from './chaos-playbook'
import type { Random } from './seeded-random'

const AT_ONCE = 4
const POLL_MS = 200

export type Progress = { begun: number; ended: number; pages: number }

/** Registers what runs will run, and makes the table of their sinks; nothing has gone wrong yet. */
export async function setUp(giveUpMs: number): Promise<void> {
  for (const content of CHILD_PLAYBOOKS) await registerPlaybook(content)
  const { executionId } = await startExecution({ content: SET_UP, trigger: { type: 'chaos' } })
  for (const until = Date.now() + giveUpMs; ; await sleep(50)) {
    const { rowCount } = await pool().query(
      `SELECT FROM noetl.execution WHERE execution_id = $1 AND status = 'COMPLETED'`,
      [executionId],
    )
    if (rowCount === 1) return
    if (Date.now() > until) throw new Error('The workers did not run the playbook that makes the table of the sinks.')
  }
}

/** Keeps a few runs going until the signal aborts, of which every second one runs others. Where the database is away, it tries again. */
export async function keepRunning(random: Random, signal: AbortSignal): Promise<void> {
  let begun = 0
  while (!signal.aborted) {
    try {
      for (let going = await goingRoots(); going < AT_ONCE; going += 1) await startRun(random, begun++ % 2 === 0)
    } catch {
      // The database is away on purpose.
    }
    await sleep(POLL_MS)
  }
}

async function startRun(random: Random, isFamily: boolean): Promise<void> {
  const workload = workloadOf({
    elements: Math.floor(isFamily ? random.between(2, 5) : random.between(2, 9)),
    pages: Math.floor(isFamily ? random.between(2, 8) : random.between(3, 16)),
    delayMs: Math.floor(random.between(20, 200)),
  })
  const content = isFamily ? FAMILY_PLAYBOOK : pagesPlaybook()
  await startExecution({ content, workload, trigger: { type: 'chaos' } })
}

async function goingRoots(): Promise<number> {
  const { rows } = await pool().query<{ going: number }>(
    `SELECT count(*)::int AS going FROM noetl.execution WHERE status = 'RUNNING' AND parent_execution_id IS NULL`,
  )
  return rows[0]?.going ?? 0
}

/** Children as well. */
export const goingRuns = async (): Promise<string[]> =>
  (
    await pool().query<{ id: string }>(`SELECT execution_id AS id FROM noetl.execution WHERE status = 'RUNNING'`)
  ).rows.map(({ id }) => id)

export async function readProgress(): Promise<Progress> {
  const { rows } = await pool().query<Progress>(
    `SELECT count(*)::int AS begun, count(ended_at)::int AS ended, coalesce(sum(pages), 0)::int AS pages FROM noetl.execution`,
  )
  return rows[0] ?? { begun: 0, ended: 0, pages: 0 }
}

/** Lets what was paused go on, and waits until every run has ended or the time is over. */
export async function untilAllEnded(giveUpMs: number): Promise<void> {
  for (const until = Date.now() + giveUpMs; Date.now() < until; await sleep(POLL_MS)) {
    try {
      const { rows } = await pool().query<{ id: string; status: string }>(
        'SELECT execution_id AS id, status FROM noetl.execution WHERE ended_at IS NULL',
      )
      if (rows.length === 0) return
      for (const { id, status } of rows) if (status === 'PAUSED') await resumeExecution(id)
    } catch {
      // It is asked again.
    }
  }
}

export type CheckedRun = EndedRun & { verdict: Verdict }

/** Every run on record, held against the promises; children as any other. */
export async function checkRuns(api: ChaosApi, interruptions: number): Promise<CheckedRun[]> {
  const { rows } = await pool().query<Run>(
    `SELECT execution_id AS id, path, status, parent_execution_id AS "parentId",
       jsonb_array_length(workload -> 'elements') AS elements, (workload ->> 'total')::int AS total
     FROM noetl.execution WHERE path <> 'chaos/set_up' ORDER BY execution_id`,
  )
  const checked: CheckedRun[] = []
  for (const { id, path, status, parentId, elements, total } of rows) {
    const { sinkRows, ...outcome } = outcomeOf(path, { elements, total })
    const sink = { expected: sinkRows, stored: await sinkRowsOf(id) }
    const expected = { ...outcome, asked: api.askedOf(id), interruptions, sinkRows: sink }
    checked.push({ id, status, parentId, verdict: checkHistory(await readHistory(pool(), id), expected) })
  }
  return checked
}

type Run = EndedRun & { path: string; elements: number; total: number }

async function sinkRowsOf(executionId: string): Promise<string[]> {
  const { rows } = await pool().query<{ name: string }>('SELECT name FROM kept.rows WHERE run = $1', [executionId])
  return rows.map(({ name }) => name)
}

/** The longest time, in milliseconds, in which no page was saved although runs were going. */
export async function longestStall(): Promise<number> {
  const { rows } = await pool().query<{ ms: number }>(
    `SELECT extract(epoch FROM created_at - before)::float8 * 1000 AS ms
     FROM (SELECT created_at, lag(created_at) OVER (ORDER BY created_at) AS before FROM noetl.page) p
     WHERE before IS NOT NULL ORDER BY created_at - before DESC LIMIT 1`,
  )
  return rows[0]?.ms ?? 0
}

/** Milliseconds from the end of each child to the end of the element that waited for it, sorted. */
export async function wakesOfParents(): Promise<number[]> {
  const { rows } = await pool().query<{ ms: number }>(
    `SELECT extract(epoch FROM i.ended_at - c.ended_at)::float8 * 1000 AS ms
     FROM noetl.execution c JOIN noetl.iteration i ON i.execution_id = c.parent_execution_id
       AND i.step = c.parent_step AND i.iteration_index = c.parent_iteration_index
     WHERE i.status IN ('COMPLETED', 'FAILED') ORDER BY ms`,
  )
  return rows.map(({ ms }) => ms)
}
