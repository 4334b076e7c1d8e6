import pg from 'pg'
import { listen, type Listening } from '@/server/db/listen'
import { databaseUrl } from '@/server/db/pool'

const OVER = new Set(['COMPLETED', 'FAILED', 'CANCELLED'])

export type EndedRun = { status: string; pages: number; items: string; error: unknown; firstRequestAt: Date | null }

export type Observer = {
  /** Resolves as soon as the run has ended. Throws after `giveUpMs`. */
  untilEnded(executionId: string, giveUpMs: number): Promise<EndedRun>
  /** The database's process that serves the observer alone: what it takes is no cost of the run. */
  backendPid: number
  close(): Promise<void>
}

/** Watches runs over connections of its own: told of every change, it asks only then. */
export async function openObserver(): Promise<Observer> {
  const client = new pg.Client({ connectionString: databaseUrl(), application_name: 'bench-observer' })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const waiting = new Map<string, () => void>()
  const wakeAll = (): void => waiting.forEach((wake) => wake())
  const listening: Listening = listen('noetl_event', {
    changed: (executionId) => waiting.get(executionId)?.(),
    connected: wakeAll,
  })

  /** Asked once a round of pages, so it is planned once and reads one row: the machine's time is the run's. */
  const isOver = async (executionId: string): Promise<boolean> => {
    const found = await client.query<{ status: string }>({
      name: 'status',
      text: 'SELECT status FROM noetl.execution WHERE execution_id = $1',
      values: [executionId],
    })
    return OVER.has(found.rows[0]?.status ?? '')
  }
  const readEnded = async (executionId: string): Promise<EndedRun | undefined> => {
    const found = await client.query<EndedRun>(
      `SELECT status, pages, items, error, (SELECT min(p.started_at) FROM noetl.page p WHERE p.execution_id = $1) AS "firstRequestAt"
       FROM noetl.execution WHERE execution_id = $1`,
      [executionId],
    )
    return found.rows[0]
  }

  return {
    backendPid: rows[0]?.pid ?? 0,
    async untilEnded(executionId, giveUpMs) {
      const deadline = Date.now() + giveUpMs
      for (;;) {
        const changed = new Promise<void>((resolve) => {
          waiting.set(executionId, resolve)
          setTimeout(resolve, 1_000).unref()
        })
        if (await isOver(executionId)) {
          waiting.delete(executionId)
          const ended = await readEnded(executionId)
          if (ended !== undefined) return ended
        }
        if (Date.now() > deadline) throw new Error(`Execution ${executionId} did not end.`)
        await changed
      }
    },
    async close() {
      await listening.close()
      await client.end()
    },
  }
}
