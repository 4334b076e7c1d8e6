import { log } from '@/server/log'
import type { JobPayload } from '@/server/queue/jobs'

/** So long after its first iteration a run is served without the queue; then it takes its turn like all others. */
const FRESH_MS = 1_000
const REMEMBERED = 1_000

type Element = JobPayload<'element'>

export type NearRunner = {
  /** Begins to work on an iteration, unless there is no slot for it or its run has had its turn. */
  take(work: Element): boolean
  /** Works on one that came through the queue. */
  runQueued(work: Element): Promise<void>
  hasFreeSlot(): boolean
  /** Takes nothing more; resolves when nothing runs any more that did not come through the queue. */
  close(): Promise<void>
}

/**
 * The way through the queue costs some ten milliseconds, which a new run would wait before its first request. At most
 * half of the slots are given away like this; `leave` is told how many are left to the queue.
 */
export function createNearRunner(options: {
  slots: number
  run: (work: Element) => Promise<void>
  leave: (slots: number) => void
  now?: () => number
}): NearRunner {
  const { slots, run, leave, now = Date.now } = options
  const running = new Set<Promise<void>>()
  const since = new Map<string, number>()
  let queued = 0
  let closed = false

  const isFresh = (executionId: string): boolean => {
    const first = since.get(executionId)
    if (first !== undefined) return now() - first < FRESH_MS
    if (since.size >= REMEMBERED) since.delete(since.keys().next().value ?? '')
    since.set(executionId, now())
    return true
  }
  const start = async (work: Element): Promise<void> => {
    try {
      await run(work)
    } catch (error) {
      log().error({ err: error, ...work }, 'work on an iteration failed; the sweeper hands it out again')
    }
  }

  return {
    take(work) {
      const hasSlot = running.size < Math.floor(slots / 2) && running.size + queued < slots
      if (closed || !hasSlot || !isFresh(work.executionId)) return false
      const started = start(work).finally(() => {
        running.delete(started)
        leave(slots - running.size)
      })
      running.add(started)
      leave(slots - running.size)
      return true
    },
    async runQueued(work) {
      queued += 1
      try {
        await run(work)
      } finally {
        queued -= 1
      }
    },
    hasFreeSlot: () => running.size + queued < slots,
    async close() {
      closed = true
      await Promise.all(running)
    },
  }
}
