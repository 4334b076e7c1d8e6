import type { ReadyAnswer, ReadyCheck } from '@/domain/api/system'
import type { StorageTrouble } from '@/domain/storage-trouble'
import { checkStorage } from '../db/check-storage'
import { processWide } from '../db/process-wide'
import { readWorkers, type WorkerRow } from './read-workers'

/** A worker writes its heartbeat every few seconds; one older than this has gone, or hangs. */
const FRESH_MS = 10_000
/** A ping comes through the queue every few seconds. */
const HEARD_MS = 15_000
const PATIENCE_MS = 3_000
/** Whether something can be saved is seen by saving something, so not for every look. */
const STORAGE_MS = 15_000
const STORAGE_KIB = 32

/** Whether a run started now would run: the database saves, a ticket comes through the queue, a worker hears it. Never throws. */
export async function readReadiness(): Promise<ReadyAnswer> {
  try {
    const [trouble, workers] = await withPatience(Promise.all([storageTrouble(), readWorkers()]))
    const checks = [databaseCheck(trouble), queueCheck(workers, trouble), workerCheck(workers, trouble)]
    return { ready: checks.every(({ ok }) => ok), checks }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const unknown = 'not known while the database does not answer'
    const remedy = 'Start PostgreSQL, or correct DATABASE_URL; everything that uses it connects again by itself.'
    const checks = [
      bad('database', `it does not answer: ${reason}`, remedy),
      bad('queue', unknown, remedy),
      bad('worker', unknown, remedy),
    ]
    return { ready: false, checks }
  }
}

const good = (part: ReadyCheck['part'], detail: string): ReadyCheck => ({ part, ok: true, detail })
const bad = (part: ReadyCheck['part'], detail: string, remedy: string): ReadyCheck => ({
  part,
  ok: false,
  detail,
  remedy,
})

const databaseCheck = (trouble: StorageTrouble | null): ReadyCheck =>
  trouble === null ? good('database', 'it answers and saves') : bad('database', trouble.message, trouble.hint)

/** Workers say when a ticket last came to them: a queue that is only reachable from here moves nothing. */
function queueCheck(workers: readonly WorkerRow[], trouble: StorageTrouble | null): ReadyCheck {
  const alive = workers.filter(isAlive)
  const [first] = alive
  if (first === undefined && trouble !== null) return bad('queue', 'not known while nothing can be saved', trouble.hint)
  const [gone] = workers
  if (first === undefined)
    return bad('queue', 'no worker listens to it', gone === undefined ? START_WORKER : findIt(gone))
  const heard = alive
    .filter(({ heard_ms }) => heard_ms !== null)
    .toSorted((a, b) => Number(a.heard_ms) - Number(b.heard_ms))
  const [last] = heard
  if (last !== undefined && Number(last.heard_ms) <= HEARD_MS)
    return good('queue', `tickets come through ${QUEUE_NAMES[last.queue] ?? last.queue}`)
  const since = last === undefined ? 'yet' : `for ${Math.round(Number(last.heard_ms) / 1_000)} s`
  return bad(
    'queue',
    `no ticket has come through ${QUEUE_NAMES[first.queue] ?? first.queue} ${since}`,
    QUEUE_REMEDIES[first.queue] ?? '',
  )
}

function workerCheck(workers: readonly WorkerRow[], trouble: StorageTrouble | null): ReadyCheck {
  const [newest] = workers
  if (newest === undefined) return bad('worker', 'none has ever started', START_WORKER)
  const alive = workers.filter(isAlive)
  const ready = alive.filter((worker) => worker.ready)
  const deaf = alive.find((worker) => !worker.ready)
  const also =
    deaf === undefined ? '' : `; ${nameOf(deaf)} is not ready: ${deaf.trouble ?? 'it does not hear its queue'}`
  if (ready.length > 0) return good('worker', `${ready.length} of ${alive.length} ready${also}`)
  if (deaf !== undefined) return bad('worker', also.slice(2), QUEUE_REMEDIES[deaf.queue] ?? '')
  const seen = `${nameOf(newest)} was last seen ${Math.round(newest.age_ms / 1_000)} s ago`
  if (trouble !== null) return bad('worker', `${seen}, for it can not say so now`, trouble.hint)
  return bad('worker', `${seen}: it was stopped, hangs, or can not reach the database`, findIt(newest))
}

const isAlive = (worker: WorkerRow): boolean => worker.age_ms <= FRESH_MS

const nameOf = ({ hostname, pid }: WorkerRow): string => `the worker on ${hostname} (process ${pid})`

const START_WORKER = 'Start one: npx pageturner worker, or npm start for everything.'

const findIt = ({ hostname, pid }: WorkerRow): string =>
  `On ${hostname}: ps -o stat= -p ${pid} says T when it was stopped (kill -CONT ${pid} lets it go on); otherwise start one: npx pageturner worker.`

const QUEUE_NAMES: Readonly<Record<string, string>> = { redis: 'Redis', postgresql: 'PostgreSQL' }

const QUEUE_REMEDIES: Readonly<Record<string, string>> = {
  redis:
    'Is Redis running at REDIS_URL, with room for more (maxmemory)? It connects again by itself; nothing is lost meanwhile.',
  postgresql:
    'The queue is schema bullmq of the database: bring it up to date (npx pageturner migrate) and restart the worker.',
}

type Seen = { at: number; trouble: Promise<StorageTrouble | null> }

async function storageTrouble(): Promise<StorageTrouble | null> {
  const memory = processWide<{ seen: Seen | null }>('storage-trouble', () => ({ seen: null }))
  const { seen } = memory
  if (seen !== null && Date.now() - seen.at < STORAGE_MS) return seen.trouble
  const trouble = checkStorage(STORAGE_KIB)
  memory.seen = { at: Date.now(), trouble }
  trouble.catch(() => (memory.seen = null))
  return trouble
}

function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1_000} s`)), PATIENCE_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
