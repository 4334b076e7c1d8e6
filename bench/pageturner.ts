import { setTimeout as sleep } from 'node:timers/promises'
import { pool } from '@/server/db/pool'
import { startExecution } from '@/server/executions/start-execution'
import type { Measured } from './bare-loop'
import { usageOf } from './process'
import { itemsOf, paramsOf, type Trial } from './trials'

const POLL_MS = 5
const GIVE_UP_MS = 300_000

/** The same pages by Pageturner, as a user gets them: a worker process, every page, event and notification durable in PostgreSQL. */
export async function runPageturner(trial: Trial, options: { origin: string; workerPid: number }): Promise<Measured> {
  const before = await cpuNow(options.workerPid)
  const started = performance.now()
  const { executionId } = await startExecution({ content: playbookOf(trial, options.origin), trigger: { type: 'cli' } })
  for (;;) {
    const { rows } = await pool().query<{ status: string; items: string; pages: number; error: unknown }>(
      'SELECT status, items, pages, error FROM noetl.execution WHERE execution_id = $1',
      [executionId],
    )
    const row = rows[0]
    if (row?.status === 'COMPLETED') {
      if (Number(row.items) !== itemsOf(trial))
        throw new Error(`${trial.name}: ${row.items} items, not ${itemsOf(trial)}`)
      return { wallMs: performance.now() - started, cpuMs: (await cpuNow(options.workerPid)) - before }
    }
    const over = performance.now() - started > GIVE_UP_MS
    if (row === undefined || over || !['PENDING', 'RUNNING'].includes(row.status)) {
      throw new Error(`${trial.name}: ${row?.status} after ${row?.pages} pages ${JSON.stringify(row?.error)}`)
    }
    await sleep(POLL_MS)
  }
}

/** The trial as a playbook. */
export function playbookOf(trial: Trial, origin: string): string {
  const step = {
    step: 'fetch',
    tool: 'http',
    method: 'GET',
    url: `${origin}/api/v1/assessments`,
    params: paramsOf(trial, '{{ element }}'),
    loop: {
      collection: Array.from({ length: trial.elements }, (_, index) => index),
      element: 'element',
      mode: 'async',
      concurrency: trial.concurrency,
    },
    paginate: {
      type: 'page',
      items: 'data',
      stop: { has_more_path: 'paging.hasMore', total_items_path: 'paging.total' },
      ...(trial.parallel > 1 ? { parallel: trial.parallel } : {}),
    },
  }
  const metadata = { name: 'bench', path: 'bench/pages', description: trial.name }
  const workflow = [{ step: 'start', next: [{ step: 'fetch' }] }, step]
  // JSON is YAML.
  return JSON.stringify({ apiVersion: 'noetl.io/v1', kind: 'Playbook', metadata, workflow }, null, 1)
}

/** CPU of the worker and of the database's processes that serve it. */
async function cpuNow(workerPid: number): Promise<number> {
  const { rows } = await pool().query<{ pid: number }>('SELECT pid FROM pg_stat_activity')
  const usages = await Promise.all([workerPid, ...rows.map(({ pid }) => pid)].map(usageOf))
  return usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}
