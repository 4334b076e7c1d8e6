import { closePlaybookPool } from '@/server/db/playbook-pool'
import { closePool } from '@/server/db/pool'
import { log } from '@/server/log'
import { closeQueueConnection } from '@/server/queue/connection'
import { closeQueues } from '@/server/queue/enqueue'
import { runWorker } from './run-worker'

/** What is not down by then is left to the leases: another worker takes it over. */
const EXIT_MS = 9_500

/** Runs a worker until SIGTERM, SIGINT or the parent's disconnect, then drains: pages in flight committed, leases released, ≤ 10 s. */
export async function startWorker(): Promise<void> {
  const asked = new AbortController()
  const stop = (): void => asked.abort(new Error('asked to stop'))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // The supervisor was killed: without it nobody would ever end this process.
  process.once('disconnect', stop)
  try {
    const worker = await runWorker(asked.signal)
    log().info({ workerId: worker.workerId }, 'worker ready')
    process.send?.({ type: 'ready' })
    await aborted(asked.signal)
    setTimeout(() => process.exit(1), EXIT_MS).unref()
    await worker.drain()
  } catch (error) {
    if (!asked.signal.aborted) throw error
  }
  await closeQueues()
  await closeQueueConnection()
  await closePlaybookPool()
  await closePool()
}

const aborted = async (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? undefined
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
