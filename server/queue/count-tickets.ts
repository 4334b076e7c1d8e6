import type { QueueCount } from '@/domain/api/system'
import { readyQueue } from './enqueue'

/** Queues that every worker listens to. */
const QUEUES = ['orchestrate', 'element'] as const
const ANSWER_MS = 3_000

/** How many tickets each queue holds; counts are null for one that does not answer. */
export async function countTickets(): Promise<QueueCount[]> {
  return Promise.all(QUEUES.map(countOf))
}

async function countOf(name: (typeof QUEUES)[number]): Promise<QueueCount> {
  const nothing = { name, waiting: null, active: null, delayed: null }
  const counted = readyQueue(name).then(async (queue) => {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed')
    return { name, waiting: counts['waiting'] ?? 0, active: counts['active'] ?? 0, delayed: counts['delayed'] ?? 0 }
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<QueueCount>((resolve) => {
    timer = setTimeout(() => resolve(nothing), ANSWER_MS)
  })
  return Promise.race([counted.catch(() => nothing), late]).finally(() => clearTimeout(timer))
}
