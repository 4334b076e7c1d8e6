import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { log } from '../log'

/** A cancel that comes between two statements is lost, so it is sent until the work has ended. */
const AGAIN_MS = 100

/** A connection of the same role as the one whose statements are to be cancelled. */
type Canceller = () => pg.Client

/**
 * Runs `use`, which works on the connection of server process `pid`. As soon as the signal aborts, the server cancels what
 * that process is doing, by another connection; `use` then throws what the server says. Nothing is cancelled after it ended.
 */
export async function cancelledBy<T>(
  signal: AbortSignal,
  { pid, connect }: { pid: number; connect: Canceller },
  use: () => Promise<T>,
): Promise<T> {
  const ended = new AbortController()
  let cancelling: Promise<void> | undefined
  const abort = (): void => {
    cancelling = cancel(pid, connect, ended.signal)
  }
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  try {
    return await use()
  } finally {
    signal.removeEventListener('abort', abort)
    ended.abort()
    await cancelling
  }
}

/** The server process behind a connection, as it said when it was opened. */
export function processOf(client: object): number {
  const pid: unknown = Reflect.get(client, 'processID')
  if (typeof pid !== 'number') throw new Error('The connection has not said which process of the server it talks to.')
  return pid
}

async function cancel(pid: number, connect: Canceller, ended: AbortSignal): Promise<void> {
  const client = connect()
  client.on('error', () => undefined)
  try {
    await client.connect()
    while (!ended.aborted) {
      await client.query('SELECT pg_cancel_backend($1)', [pid])
      await delay(AGAIN_MS, undefined, { signal: ended }).catch(() => undefined)
    }
  } catch (error) {
    log().warn({ err: error }, 'a statement of a cancelled run could not be cancelled; it ends by itself')
  } finally {
    await client.end().catch(() => undefined)
  }
}
