import { log } from '@/server/log'
import { sendDueNotices } from '@/server/notices/send-due-notices'
import { openWorker } from '@/server/queue/open-worker'
import { resetAlarms, sweepSchedules } from '@/server/schedules/sweep-schedules'
import { processSchedule } from './processors/schedule'

const SWEEP_MS = 2_000
const ALARMS_MS = 30_000
const NOTICES_MS = 1_000
const SCHEDULES = 4

export type Housekeeping = { stop(): Promise<void> }

/** Starts runs that are due and sends notices of runs that ended, beside the work on elements. */
export async function startHousekeeping(signal: AbortSignal): Promise<Housekeeping> {
  const worker = await openWorker('schedule', processSchedule, { concurrency: SCHEDULES, signal })
  const stopping = new AbortController()
  const chores = [
    repeat('looking for schedules that are due', SWEEP_MS, sweepSchedules),
    repeat('setting the alarms of schedules', ALARMS_MS, resetAlarms),
    repeat('sending notices', NOTICES_MS, async () => sendDueNotices(stopping.signal)),
  ]
  return {
    async stop() {
      stopping.abort(new Error('the worker stops'))
      await Promise.all([worker.close(), ...chores.map(async (chore) => chore.stop())])
    },
  }
}

/** Does something now and again `everyMs` after it was done; a failure is logged and the next turn tries again. */
function repeat(what: string, everyMs: number, work: () => Promise<unknown>): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let turn = Promise.resolve()
  const next = (): void => {
    turn = work()
      .then(() => undefined)
      .catch((error: unknown) => log().warn({ err: error }, `${what} failed`))
      .finally(() => {
        if (!isStopped) timer = setTimeout(next, everyMs)
      })
  }
  next()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await turn
    },
  }
}
