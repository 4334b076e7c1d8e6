import { listen, type Listening } from '../db/listen'
import { processWide, takeProcessWide } from '../db/process-wide'
import { followExecution, type ExecutionTail } from './execution-tail'
import { followExecutionList, type ExecutionListTail, type ListReader } from './execution-list-tail'

const POLL_MS = 2_000
const HEARTBEAT_MS = 15_000

export type StreamHub = {
  /** The tail of an execution, kept for as long as somebody holds it. Release it exactly once. */
  hold(executionId: string): { tail: ExecutionTail; release: () => void }
  holdList(reader: ListReader): { tail: ExecutionListTail; release: () => void }
  /** Streams open in this process, for the metrics. */
  viewers(): number
}

type Running = { notifications: Listening; timers: NodeJS.Timeout[] }

/** The process's streams. They share one LISTEN connection, opened with the first viewer and closed after the last. */
export function streamHub(): StreamHub {
  return processWide('stream-hub', createHub)
}

/** Ends all streams of the process and closes the connection they share. */
export async function closeStreamHub(): Promise<void> {
  await takeProcessWide<ReturnType<typeof createHub>>('stream-hub')?.close()
}

function createHub(): StreamHub & { close(): Promise<void> } {
  const held = new Map<string, { tail: ExecutionTail; holders: number }>()
  let list: { tail: ExecutionListTail; holders: number } | null = null
  let running: Running | null = null

  const wakeAll = (): void => {
    for (const { tail } of held.values()) tail.wake()
    list?.tail.wakeAll()
  }
  const start = (): void => {
    running ??= {
      notifications: listen('noetl_event', {
        changed(executionId) {
          held.get(executionId)?.tail.wake()
          list?.tail.wake(executionId)
        },
        connected: wakeAll,
      }),
      timers: [
        setInterval(wakeAll, POLL_MS).unref(),
        setInterval(() => {
          for (const { tail } of held.values()) tail.heartbeat()
          list?.tail.heartbeat()
        }, HEARTBEAT_MS).unref(),
      ],
    }
  }
  const stop = async (): Promise<void> => {
    const stopping = running
    running = null
    stopping?.timers.forEach(clearInterval)
    await stopping?.notifications.close()
  }
  const stopWhenIdle = (): void => {
    if (held.size === 0 && list === null) void stop()
  }

  return {
    hold(executionId) {
      start()
      const entry = held.get(executionId) ?? { tail: followExecution(executionId), holders: 0 }
      held.set(executionId, entry)
      entry.holders++
      return {
        tail: entry.tail,
        release() {
          if (--entry.holders > 0) return
          held.delete(executionId)
          entry.tail.close()
          stopWhenIdle()
        },
      }
    },
    holdList(reader) {
      start()
      const entry = (list ??= { tail: followExecutionList(reader), holders: 0 })
      entry.holders++
      return {
        tail: entry.tail,
        release() {
          if (--entry.holders > 0) return
          list = null
          entry.tail.close()
          stopWhenIdle()
        },
      }
    },
    viewers: () => (list?.holders ?? 0) + [...held.values()].reduce((sum, { holders }) => sum + holders, 0),
    async close() {
      for (const { tail } of held.values()) tail.close()
      list?.tail.close()
      await stop()
    },
  }
}
