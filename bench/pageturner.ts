import { pool } from '@/server/db/pool'
import { startExecution } from '@/server/executions/start-execution'
import type { Measured } from './bare-loop'
import type { Observer } from './observer'
import { usageOf } from './process'
import { itemsOf, paramsOf, type Trial } from './trials'

const GIVE_UP_MS = 300_000

export type Place = { origin: string; workerPid: number; observer: Observer }

/** The same pages by Pageturner, as a user gets them: a worker process, every page, event and notification durable in PostgreSQL. */
export async function runPageturner(trial: Trial, place: Place): Promise<Measured> {
  const before = await cpuNow(place)
  const started = performance.now()
  const { executionId } = await startExecution({ content: playbookOf(trial, place.origin), trigger: { type: 'cli' } })
  const ended = await place.observer.untilEnded(executionId, GIVE_UP_MS)
  const wallMs = performance.now() - started
  if (ended.status !== 'COMPLETED' || Number(ended.items) !== itemsOf(trial)) {
    const { status, pages, items, error } = ended
    throw new Error(`${trial.name}: ${status} with ${pages} pages and ${items} items ${JSON.stringify(error)}`)
  }
  return { wallMs, cpuMs: (await cpuNow(place)) - before }
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
async function cpuNow({ workerPid, observer }: Place): Promise<number> {
  const { rows } = await pool().query<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE pid <> $1', [
    observer.backendPid,
  ])
  const usages = await Promise.all([workerPid, ...rows.map(({ pid }) => pid)].map(usageOf))
  return usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}
