import pg from 'pg'
import { databaseUrl } from '../db/pool'
import { log } from '../log'

const CHANNEL = 'noetl_event'
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000

export type Notifications = { close(): Promise<void> }

/**
 * Listens for changed executions on one connection of its own until closed, and reconnects for ever. A notification is
 * only a hint: what came while the connection was down is lost, so `onConnected` means "look at everything".
 */
export function listenForEvents(on: { changed: (executionId: string) => void; connected: () => void }): Notifications {
  const closing = new AbortController()
  let client: pg.Client | null = null
  let retryMs = FIRST_RETRY_MS
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const opened = new pg.Client({
      connectionString: databaseUrl(),
      application_name: 'pageturner-stream',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    })
    client = opened
    opened.on('notification', ({ payload }) => on.changed(payload ?? ''))
    opened.on('error', () => undefined)
    opened.on('end', () => retryLater(opened))
    try {
      await opened.connect()
      await opened.query(`LISTEN ${CHANNEL}`)
      retryMs = FIRST_RETRY_MS
      on.connected()
    } catch (error) {
      log().debug({ err: error }, 'the stream cannot listen yet; it polls')
      await opened.end().catch(() => undefined)
      retryLater(opened)
    }
  }

  const retryLater = (of: pg.Client): void => {
    if (closing.signal.aborted || client !== of) return
    client = null
    timer = setTimeout(() => void connect(), retryMs)
    timer.unref()
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
  }

  void connect()
  return {
    async close() {
      closing.abort()
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}
