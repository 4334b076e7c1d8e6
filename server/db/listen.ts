import pg from 'pg'
import { databaseUrl } from './pool'
import { log } from '../log'

/** `noetl_event` names an execution whose log has grown, `noetl_control` one that somebody cancelled or paused, `noetl_start` a new one. */
type Channel = 'noetl_event' | 'noetl_control' | 'noetl_start'

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000

export type Listening = { close(): Promise<void> }

/**
 * Listens on one connection of its own until closed, and reconnects for ever. A notification is only a hint: what came
 * while the connection was down is lost, so `connected` means "look at everything".
 */
export function listen(
  channel: Channel,
  on: { changed: (executionId: string) => void; connected: () => void },
): Listening {
  const closing = new AbortController()
  let client: pg.Client | null = null
  let retryMs = FIRST_RETRY_MS
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const opened = new pg.Client({
      connectionString: databaseUrl(),
      application_name: 'pageturner-listen',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    })
    client = opened
    opened.on('notification', ({ payload }) => on.changed(payload ?? ''))
    opened.on('error', () => undefined)
    opened.on('end', () => retryLater(opened))
    try {
      await opened.connect()
      await opened.query(`LISTEN ${channel}`)
      retryMs = FIRST_RETRY_MS
      on.connected()
    } catch (error) {
      log().debug({ err: error, channel }, 'cannot listen yet; what is waited for is asked for')
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
