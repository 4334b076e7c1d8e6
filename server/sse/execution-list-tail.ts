import type { ExecutionSummary } from '@/domain/api/executions'
import { log } from '../log'
import { messageFrame } from './frames'
import type { Outlet } from './outlet'

/** Rows of the list are worth a second look at most so often. */
const COALESCE_MS = 250
const RECENT = 100

/** A row of the list with a mark that differs whenever anything a list shows of it does. */
export type ListedExecution = { summary: ExecutionSummary; settled: boolean; mark: string }

export type ListReader = {
  /** The newest executions, newest first. */
  recent: (limit: number) => Promise<ListedExecution[]>
  /** These executions and all that are not settled. */
  changing: (executionIds: readonly string[]) => Promise<ListedExecution[]>
}

export type ExecutionListTail = {
  wake(executionId: string): void
  wakeAll(): void
  /** Sends the newest executions, then each one again whenever it changes. Throws when the database doesn't answer. */
  join(outlet: Outlet): Promise<void>
  leave(outlet: Outlet): void
  heartbeat(): void
  close(): void
}

/**
 * The list of executions as it changes. It sends states, not a log: a viewer that comes back gets the newest ones whole,
 * so there is nothing to resume and nothing to miss.
 */
export function followExecutionList(reader: ListReader): ExecutionListTail {
  const viewers = new Set<Outlet>()
  const woken = new Set<string>()
  /** Those that were seen moving, with the state last sent. */
  const moving = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined

  const read = async (): Promise<void> => {
    timer = undefined
    const ids = new Set([...woken, ...moving.keys()])
    woken.clear()
    const changed = (await reader.changing([...ids])).filter(isNews)
    if (changed.length === 0) return
    const bytes = Buffer.concat(changed.map(frameOf))
    for (const outlet of viewers) outlet.send(bytes)
  }

  const isNews = (execution: ListedExecution): boolean => {
    const { execution_id: id } = execution.summary
    const known = moving.get(id)
    if (execution.settled) moving.delete(id)
    else moving.set(id, execution.mark)
    return known !== execution.mark
  }

  const schedule = (): void => {
    timer ??= setTimeout(() => {
      read().catch((error: unknown) => log().debug({ err: error }, 'the list will be read again'))
    }, COALESCE_MS)
  }

  return {
    wake(executionId) {
      if (/^\d+$/.test(executionId)) woken.add(executionId)
      schedule()
    },
    wakeAll: schedule,
    async join(outlet) {
      viewers.add(outlet)
      const recent = await reader.recent(RECENT)
      for (const execution of recent) if (!execution.settled) moving.set(execution.summary.execution_id, execution.mark)
      outlet.send(Buffer.concat([...recent.toReversed().map(frameOf), messageFrame('ready', '{}')]))
    },
    leave: (outlet) => void viewers.delete(outlet),
    heartbeat: () => viewers.forEach((outlet) => outlet.heartbeat()),
    close() {
      clearTimeout(timer)
      viewers.forEach((outlet) => outlet.end())
    },
  }
}

const frameOf = ({ summary }: ListedExecution): Uint8Array => messageFrame('execution', JSON.stringify(summary))
