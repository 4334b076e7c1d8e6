import { log } from '@/server/log'
import type { JobName } from '@/server/queue/jobs'
import type { QueueWorker } from '@/server/queue/open-worker'
import { ping, PING_MS } from '@/server/queue/ping'

/** A worker that waits asks its queue every five seconds at the latest. */
const DEAF_MS = 15_000

export type Hearing = {
  /** What is wrong, in words, or null when every queue answers. */
  trouble(): string | null
  /** Milliseconds since a ticket last came, or null when none did yet. */
  ticketAgeMs(): number | null
  /** Resolves when a ticket has come, or after `mostMs`. */
  heard(mostMs: number): Promise<void>
  stop(): void
}

/** Sends tickets without work through each queue and notes what comes back. */
export function listenForPings(workers: Readonly<Partial<Record<JobName, QueueWorker | undefined>>>): Hearing {
  const names = (Object.keys(workers) as JobName[]).filter((name) => workers[name] !== undefined)
  const refusals = new Map<JobName, string>()
  const knock = async (name: JobName): Promise<void> => {
    try {
      await ping(name)
      refusals.delete(name)
    } catch (error) {
      refusals.set(name, error instanceof Error ? error.message : String(error))
      log().debug({ err: error, queue: name }, 'the queue took no ping')
    }
  }
  const knockAll = (): void => names.forEach((name) => void knock(name))
  knockAll()
  const timer = setInterval(knockAll, PING_MS)
  // Another worker may have been given the pings of one queue; whether that queue answers is what `trouble` looks at.
  const ticketAgeMs = (): number | null => {
    const ages = names.flatMap((name) => workers[name]?.ticketAgeMs() ?? [])
    return ages.length === 0 ? null : Math.min(...ages)
  }
  return {
    trouble() {
      for (const name of names) {
        const silentMs = workers[name]?.silentMs() ?? 0
        if (silentMs <= DEAF_MS) continue
        const refusal = refusals.get(name)
        const because = refusal === undefined ? '' : ` (${refusal})`
        return `its queue "${name}" has not answered it for ${Math.round(silentMs / 1_000)} s${because}`
      }
      return null
    },
    ticketAgeMs,
    async heard(mostMs) {
      const until = Date.now() + mostMs
      while (ticketAgeMs() === null && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
    },
    stop: () => clearInterval(timer),
  }
}
