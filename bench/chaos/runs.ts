import { setTimeout as sleep } from 'node:timers/promises'
import { pool } from '@/server/db/pool'
import { resumeExecution } from '@/server/executions/resume-execution'
import { startExecution } from '@/server/executions/start-execution'
import { checkHistory, type Verdict } from '../history/check-history'
import { readHistory } from '../history/read-history'
import type { ChaosApi } from './chaos-api'
import { CHAOS_PLAYBOOK, outcomeOf, SET_UP, workloadOf } from './chaos-playbook'
import type { Random } from './seeded-random'

const AT_ONCE = 4
const POLL_MS = 200

export type Progress = { begun: number; ended: number; pages: number }

/** Makes the table of the sinks; nothing has gone wrong yet. */
export async function setUp(giveUpMs: number): Promise<void> {
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

/** Keeps a few runs going until the signal aborts. Where the database is away, it tries again. */
export async function keepRunning(random: Random, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for (let going = (await goingRuns()).length; going < AT_ONCE; going += 1) await startRun(random)
    } catch {
      // The database is away on purpose.
    }
    await sleep(POLL_MS)
  }
}

async function startRun(random: Random): Promise<void> {
  const size = {
    elements: Math.floor(random.between(2, 9)),
    pages: Math.floor(random.between(3, 16)),
    delayMs: Math.floor(random.between(20, 200)),
  }
  await startExecution({ content: CHAOS_PLAYBOOK, workload: workloadOf(size), trigger: { type: 'chaos', ...size } })
}

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

/** Every run on record, held against the promises. */
export async function checkRuns(api: ChaosApi, interruptions: number): Promise<Map<string, Verdict>> {
  const { rows } = await pool().query<{ id: string; elements: number; pages: number }>(
    `SELECT execution_id AS id, (trigger ->> 'elements')::int AS elements, (trigger ->> 'pages')::int AS pages
     FROM noetl.execution WHERE path = 'chaos/pages' ORDER BY execution_id`,
  )
  const verdicts = new Map<string, Verdict>()
  for (const { id, elements, pages } of rows) {
    const { steps, sinkRows } = outcomeOf({ elements, pages })
    const sink = { expected: sinkRows, stored: await sinkRowsOf(id) }
    const expected = { steps, asked: api.askedOf(id), interruptions, sinkRows: sink }
    verdicts.set(id, checkHistory(await readHistory(pool(), id), expected))
  }
  return verdicts
}

async function sinkRowsOf(executionId: string): Promise<string[]> {
  const { rows } = await pool().query<{ name: string }>('SELECT name FROM kept.rows WHERE run = $1', [executionId])
  return rows.map(({ name }) => name)
}

/** The longest time in which no page was saved although runs were going, and when it ended. */
export async function longestStall(): Promise<{ ms: number; until: Date | null }> {
  const { rows } = await pool().query<{ ms: number; until: Date }>(
    `SELECT extract(epoch FROM created_at - before)::float8 * 1000 AS ms, created_at AS until
     FROM (SELECT created_at, lag(created_at) OVER (ORDER BY created_at) AS before FROM noetl.page) p
     WHERE before IS NOT NULL ORDER BY created_at - before DESC LIMIT 1`,
  )
  return rows[0] ?? { ms: 0, until: null }
}
