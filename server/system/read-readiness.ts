import type { ReadyAnswer, ReadyPart } from '@/domain/api/system'
import { pool } from '../db/pool'

/** A worker writes its heartbeat every few seconds; one older than this has gone. */
const FRESH_MS = 10_000
const PATIENCE_MS = 3_000

type WorkerRow = { worker_id: string; queue: string; ready: boolean; age_ms: number }
type Check = ReadyAnswer['checks'][number]

/** Whether a run started now would run: the database answers, the queue is heard, a worker lives. Never throws. */
export async function readReadiness(): Promise<ReadyAnswer> {
  try {
    const workers = await withPatience(readWorkers())
    const checks = [check('database', true, 'it answers'), queueCheck(workers), workerCheck(workers)]
    return { ready: checks.every(({ ok }) => ok), checks }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const checks = [
      check('database', false, `it does not answer: ${reason}`),
      check('queue', false, 'not known while the database does not answer'),
      check('worker', false, 'not known while the database does not answer'),
    ]
    return { ready: false, checks }
  }
}

const check = (part: ReadyPart, ok: boolean, detail: string): Check => ({ part, ok, detail })

function workerCheck(workers: readonly WorkerRow[]): Check {
  const [newest] = workers
  if (newest === undefined) return check('worker', false, 'none has ever started; start one with `pageturner worker`')
  if (newest.age_ms <= FRESH_MS)
    return check('worker', true, `${workers.filter((w) => w.age_ms <= FRESH_MS).length} alive`)
  return check('worker', false, `${newest.worker_id} was last seen ${Math.round(newest.age_ms / 1_000)} s ago`)
}

/** A worker says itself whether it hears its queue: a queue that is only reachable from here moves nothing. */
function queueCheck(workers: readonly WorkerRow[]): Check {
  const alive = workers.filter(({ age_ms: age }) => age <= FRESH_MS)
  const hearing = alive.find(({ ready }) => ready)
  if (hearing !== undefined) return check('queue', true, `heard through ${hearing.queue}`)
  return check('queue', false, alive.length === 0 ? 'no worker listens to it' : 'the worker does not hear it yet')
}

async function readWorkers(): Promise<WorkerRow[]> {
  const { rows } = await pool().query<WorkerRow>(
    `SELECT worker_id, queue, ready, (extract(epoch FROM clock_timestamp() - seen_at) * 1000)::float8 AS age_ms
     FROM noetl.worker ORDER BY seen_at DESC LIMIT 100`,
  )
  return rows
}

function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1_000} s`)), PATIENCE_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
