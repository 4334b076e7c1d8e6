import { readyQueue } from './enqueue'
import { JOB_OPTIONS, type JobName } from './jobs'

/** A ticket without work: it shows that what is written to the queue comes to a worker. */
export const PING = 'ping'
/** All workers write the same one, so that there is one in so many milliseconds however many they are. */
export const PING_MS = 3_000
const ANSWER_MS = 5_000

/** Writes a ping to a queue. Throws when the queue does not take it. */
export async function ping(name: JobName): Promise<void> {
  const jobId = `p_${Math.floor(Date.now() / PING_MS)}`
  const written = readyQueue(name).then(async (queue) => queue.add(PING, {}, { ...JOB_OPTIONS, jobId }))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the queue did not answer within ${ANSWER_MS / 1_000} s`)), ANSWER_MS)
  })
  await Promise.race([written, late]).finally(() => clearTimeout(timer))
}
