import { randomUUID } from 'node:crypto'
import { closeDatabases } from '@/server/databases/in-database'
import type { Claim } from '@/server/db/claim-iteration'
import { listen } from '@/server/db/listen'
import { createPageWriter } from '@/server/db/page-writer'
import { pool } from '@/server/db/pool'
import { env } from '@/server/env'
import { createLeaseKeeper } from '@/server/executions/lease-keeper'
import { takeNear } from '@/server/executions/near-work'
import { createStorageGate, type StorageGate } from '@/server/executions/storage-gate'
import { surroundings } from '@/server/executions/surroundings'
import { sweep } from '@/server/executions/sweep'
import { withFaultPoints } from '@/server/executions/with-fault-points'
import { log } from '@/server/log'
import { checkClock } from '@/server/queue/check-clock'
import { checkRedis } from '@/server/queue/check-redis'
import { migrateQueue } from '@/server/queue/connection'
import { openWorker, type QueueWorker } from '@/server/queue/open-worker'
import { retain } from '@/server/retention/retain'
import { closeTransforms } from '@/server/transform/evaluate-jsonata'
import { listenForPings } from './hearing'
import { startHeartbeat } from './heartbeat'
import { startHousekeeping } from './housekeeping'
import { createNearRunner, type NearRunner } from './near-runner'
import { processElement } from './processors/element'
import { processOrchestrate } from './processors/orchestrate'

const SWEEP_MS = 2_000
const RETAIN_MS = 5_000
/** How long requests in flight may take to come in while the worker drains. */
const LAST_ANSWERS_MS = 6_000
const ORCHESTRATIONS = 8
/** What a start waits for the first ticket to come through the queue; later ones are told with the heartbeat. */
const FIRST_TICKET_MS = 1_000

export type RunningWorker = {
  workerId: string
  /** No new jobs; pages in flight are committed, leases given back. Resolves when nothing runs any more. */
  drain(): Promise<void>
}

/** Starts a worker in this process: database reachable, queue listening, heartbeat written, all by the time it resolves. */
export async function runWorker(signal: AbortSignal = new AbortController().signal): Promise<RunningWorker> {
  await untilReachable(signal)
  await checkClock()
  await checkRedis()
  await migrateQueue()
  const workerId = randomUUID()
  const draining = new AbortController()
  const stopping = new AbortController()
  const { around, writer } = withFaultPoints({ around: surroundings, writer: createPageWriter({ pool: pool() }) })
  const leases = createLeaseKeeper(workerId, around)
  const gate = createStorageGate(workerId)
  const place = {
    workerId,
    writer,
    leases,
    around,
    suspects: new Set<Claim>(),
    hasFreeSlot: () => near.hasFreeSlot(),
    draining: draining.signal,
    stopping: stopping.signal,
  }
  let elements: QueueWorker | null = null
  const near: NearRunner = createNearRunner({
    slots: env.WORKER_CONCURRENCY,
    run: processElement(place, gate),
    leave(slots) {
      if (elements !== null) elements.concurrency = slots
    },
  })
  const workers: QueueWorker[] = await Promise.all([
    openWorker('orchestrate', processOrchestrate(gate), { concurrency: ORCHESTRATIONS, signal }),
    openWorker('element', async (work) => near.runQueued(work), { concurrency: env.WORKER_CONCURRENCY, signal }),
  ])
  elements = workers[1] ?? null
  const stopTaking = takeNear((work) => near.take(work))
  const starts = listen('noetl_start', { changed: startSoon(gate), connected: () => undefined })
  const control = listen('noetl_control', { changed: leases.check, connected: leases.check })
  const hearing = listenForPings({ orchestrate: workers[0], element: workers[1] })
  await hearing.heard(FIRST_TICKET_MS)
  const housekeeping = await startHousekeeping(signal)
  const heartbeat = await startHeartbeat(workerId, {
    trouble: () => gate.trouble()?.message ?? hearing.trouble(),
    ticketAgeMs: () => hearing.ticketAgeMs(),
    notice: (error) => gate.notice(error),
  })
  const sweeper = setInterval(() => {
    if (gate.trouble() !== null) return
    sweep().catch((error: unknown) => {
      gate.notice(error)
      log().warn({ err: error }, 'sweeping failed')
    })
  }, SWEEP_MS)
  const remover = setInterval(() => {
    if (gate.trouble() !== null) return
    retain().catch((error: unknown) => {
      gate.notice(error)
      log().warn({ err: error }, 'old executions were not removed')
    })
  }, RETAIN_MS)

  return {
    workerId,
    async drain() {
      draining.abort(new Error('the worker drains'))
      const lastCall = setTimeout(() => stopping.abort(new Error('the worker stops')), LAST_ANSWERS_MS)
      clearInterval(sweeper)
      clearInterval(remover)
      const tidied = housekeeping.stop()
      gate.stop()
      hearing.stop()
      stopTaking()
      await starts.close()
      await Promise.all([near.close(), ...workers.map(async (worker) => worker.close())])
      clearTimeout(lastCall)
      await tidied
      await writer.close()
      await Promise.all([closeDatabases(), closeTransforms()])
      leases.stop()
      await control.close()
      await heartbeat.stop().catch(() => undefined)
    },
  }
}

/** A new run needs no ticket to begin; of many at once the queue brings the rest. */
function startSoon(gate: StorageGate): (executionId: string) => void {
  const begin = processOrchestrate(gate)
  let beginning = 0
  return (executionId) => {
    if (beginning >= ORCHESTRATIONS) return
    beginning += 1
    begin({ executionId, seq: 0 })
      .catch((error: unknown) =>
        log().warn({ err: error, executionId }, 'a run was not begun; its ticket is tried next'),
      )
      .finally(() => (beginning -= 1))
  }
}

const RETRY_MS = 500

/** A database that is still starting is waited for: what BullMQ builds on a dead one stays deaf. */
async function untilReachable(signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    try {
      await pool().query('SELECT 1')
      return
    } catch (error) {
      log().warn({ err: error }, 'the database is not reachable yet')
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
