import { Queue, type JobsOptions } from 'bullmq'
import { processWide, takeProcessWide } from '../db/process-wide'
import { log } from '../log'
import { queueConnection } from './connection'
import { JOB_OPTIONS, jobIdOf, type JobName, type JobPayload } from './jobs'

/** The part of BullMQ's queue that is used, the same on both backends. */
type TicketQueue = Pick<
  Queue,
  'add' | 'addBulk' | 'close' | 'getJobCounts' | 'upsertJobScheduler' | 'removeJobScheduler' | 'getJobSchedulers'
> & {
  on: (event: 'error', listener: (error: Error) => void) => unknown
  waitUntilReady: () => Promise<unknown>
}
type Ticket<Name extends JobName> = { payload: JobPayload<Name>; delayMs?: number }

/** Hands a ticket to the workers; false when the queue did not take it (the sweeper writes it again from the database). */
export async function enqueue<Name extends JobName>(
  name: Name,
  payload: JobPayload<Name>,
  options: { delayMs?: number } = {},
): Promise<boolean> {
  return enqueueMany(name, [{ payload, ...options }])
}

/**
 * BullMQ's bulk insert makes two temporary tables in PostgreSQL each time: 8 ms of its time for one ticket or for a hundred,
 * where a ticket by itself takes a quarter of one.
 */
const ONE_BY_ONE = 16

/** As `enqueue`; some may be written where it is false. */
export async function enqueueMany<Name extends JobName>(
  name: Name,
  tickets: readonly Ticket<Name>[],
): Promise<boolean> {
  if (tickets.length === 0) return true
  try {
    const queue = await readyQueue(name)
    const jobs = tickets.map((ticket) => ({ name, data: ticket.payload, opts: optionsOf(name, ticket) }))
    if (jobs.length > ONE_BY_ONE) await queue.addBulk(jobs)
    else await Promise.all(jobs.map(({ data, opts }) => queue.add(name, data, opts)))
    return true
  } catch (error) {
    log().warn({ err: error, queue: name }, 'the queue did not take a ticket; the sweeper will write it again')
    return false
  }
}

/** Closes the process's queues. */
export async function closeQueues(): Promise<void> {
  const queues = takeProcessWide<Map<JobName, Promise<TicketQueue>>>('queues')
  if (queues === undefined) return
  const opened = await Promise.allSettled(queues.values())
  const close = opened.flatMap((queue) => (queue.status === 'fulfilled' ? [queue.value.close()] : []))
  await Promise.all(close)
}

function optionsOf<Name extends JobName>(name: Name, { payload, delayMs }: Ticket<Name>): JobsOptions {
  return {
    ...JOB_OPTIONS,
    jobId: jobIdOf(name, payload),
    ...(delayMs === undefined ? {} : { delay: Math.max(0, Math.round(delayMs)) }),
  }
}

/** The queue, reachable. One that was not at its first use stays dead in BullMQ for ever: it is dropped and made anew at the next. */
export async function readyQueue(name: JobName): Promise<TicketQueue> {
  const queues = processWide('queues', () => new Map<JobName, Promise<TicketQueue>>())
  const known = queues.get(name)
  if (known !== undefined) return known
  const opening = openQueue(name)
  queues.set(name, opening)
  opening.catch(() => queues.delete(name))
  return opening
}

async function openQueue(name: JobName): Promise<TicketQueue> {
  const to = queueConnection()
  const queue: TicketQueue =
    to.kind === 'redis'
      ? new Queue(name, {
          connection: { ...to.connection, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
          prefix: to.prefix,
        })
      : new Queue(name, { connection: to.connection }, to.backend)
  queue.on('error', (error) => log().warn({ err: error, queue: name }, 'queue'))
  try {
    await queue.waitUntilReady()
    return queue
  } catch (error) {
    await queue.close().catch(() => undefined)
    throw error
  }
}
