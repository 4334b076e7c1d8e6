import type { IQueueBackend, Job } from 'bullmq'
import { pool } from '../db/pool'
import { log } from '../log'
import { queueConnection } from './connection'
import { JOBS, WORKER_OPTIONS, type JobName, type JobPayload } from './jobs'
import { ListeningWorker } from './listening-worker'
import { PING } from './ping'

/** The part of BullMQ's worker that is used, the same on both backends. */
export type QueueWorker = Pick<
  ListeningWorker<IQueueBackend, unknown>,
  'run' | 'waitUntilReady' | 'close' | 'cancelJob' | 'concurrency' | 'silentMs' | 'ticketAgeMs'
> & {
  on: ((event: 'error', listener: (error: Error) => void) => unknown) &
    ((event: 'failed', listener: (job: { id?: string } | undefined, error: Error) => void) => unknown) &
    ((event: 'lockRenewalFailed', listener: (jobIds: string[]) => void) => unknown)
}

export type Processor<Name extends JobName> = (payload: JobPayload<Name>, signal: AbortSignal) => Promise<void>

/** Retries come from the sweeper; this is how soon BullMQ's own loop asks again after the database went away. */
const RUN_RETRY_MS = 1_000
const READY_RETRY_MS = 500

/**
 * Takes jobs of one queue, `concurrency` at a time, until closed. Resolves once the worker really listens: one that is
 * constructed while its database is down stays deaf for ever and does not say so. The signal aborts when the lock is lost.
 */
export async function openWorker<Name extends JobName>(
  name: Name,
  processor: Processor<Name>,
  { concurrency, signal }: { concurrency: number; signal: AbortSignal },
): Promise<QueueWorker> {
  for (;;) {
    signal.throwIfAborted()
    const worker = await tryOpen(name, processor, concurrency)
    if (worker !== null) return worker
    await new Promise((resolve) => setTimeout(resolve, READY_RETRY_MS))
  }
}

async function tryOpen<Name extends JobName>(
  name: Name,
  processor: Processor<Name>,
  concurrency: number,
): Promise<QueueWorker | null> {
  let worker: QueueWorker | undefined
  try {
    await pool().query('SELECT 1')
    worker = construct(name, processor, concurrency)
    worker.on('error', (error) => log().warn({ err: error, queue: name }, 'worker'))
    worker.on('failed', (job, error) => log().error({ err: error, queue: name, job: job?.id }, 'job failed'))
    worker.on('lockRenewalFailed', (jobIds) => {
      for (const jobId of jobIds) worker?.cancelJob(jobId, 'the lock was lost')
    })
    await worker.waitUntilReady()
    worker.run().catch((error: unknown) => log().error({ err: error, queue: name }, 'worker stopped'))
    return worker
  } catch (error) {
    log().warn({ err: error, queue: name }, 'the queue is not reachable yet')
    await worker?.close(true).catch(() => undefined)
    return null
  }
}

function construct<Name extends JobName>(name: Name, processor: Processor<Name>, concurrency: number): QueueWorker {
  const to = queueConnection()
  const options = { ...WORKER_OPTIONS, runRetryDelay: RUN_RETRY_MS, concurrency, autorun: false }
  // BullMQ counts the parameters: only with three it makes a signal that cancelJob can abort.
  const run = async (job: Job<unknown, void>, _token?: string, signal?: AbortSignal): Promise<void> =>
    worker.take(async () => {
      if (job.name === PING) return
      await processor(JOBS[name].payload.parse(job.data), signal ?? new AbortController().signal)
    })
  const worker =
    to.kind === 'redis'
      ? new ListeningWorker(name, run, {
          ...options,
          connection: { ...to.connection, maxRetriesPerRequest: null },
          prefix: to.prefix,
        })
      : new ListeningWorker(name, run, { ...options, connection: to.connection }, to.backend)
  return worker
}
