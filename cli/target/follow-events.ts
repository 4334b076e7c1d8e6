import { setTimeout as sleep } from 'node:timers/promises'

import { type ExecutionEvent, executionEventSchema } from '@/domain/execution/events'
import { PlainError } from '../prepare/plain-error.mjs'
import { refusalOf } from './call-api'
import { readEventStream } from './read-event-stream'

const FIRST_DELAY_MS = 250
/** A stream that is back before this needs no word. */
const TOLD_FROM_MS = 1_000
const LONGEST_DELAY_MS = 5_000
/** A server that restarts is back well before this. */
const GIVE_UP_MS = 120_000

type Options = { server: string; id: string; after: number; say: (line: string) => void }

/** The events of an execution with a seq above `after`, until the server says it has ended. A broken stream goes on with the next seq. */
export async function* followEvents({ server, id, after, say }: Options): AsyncGenerator<ExecutionEvent> {
  let cursor = after
  let lostAt: number | null = null
  let delayMs = FIRST_DELAY_MS
  for (;;) {
    try {
      const messages = await openStream(server, id, cursor)
      if (lostAt !== null && delayMs > TOLD_FROM_MS) say('The connection is back.')
      lostAt = null
      delayMs = FIRST_DELAY_MS
      for await (const { event, data } of messages) {
        if (event === 'end') return
        const parsed = executionEventSchema.parse(JSON.parse(data))
        if (parsed.seq <= cursor) continue
        cursor = parsed.seq
        yield parsed
      }
    } catch (error) {
      if (error instanceof PlainError || !isConnectionLoss(error)) throw error
    }
    // The server ends a stream that is too slow, or ended itself: both resume.
    lostAt ??= performance.now()
    if (delayMs === TOLD_FROM_MS) say('The connection was lost; the run goes on, and so will this.')
    if (performance.now() - lostAt > GIVE_UP_MS) {
      throw new PlainError(
        `The server at ${server} is gone.`,
        `The run goes on when it is back: npx pageturner events ${id} --follow`,
      )
    }
    await sleep(delayMs)
    delayMs = Math.min(LONGEST_DELAY_MS, delayMs * 2)
  }
}

async function openStream(
  server: string,
  id: string,
  after: number,
): Promise<AsyncIterable<{ event: string; data: string }>> {
  const url = new URL(`/api/executions/${id}/stream?after=${after}`, server)
  const answer = await fetch(url, { headers: { accept: 'text/event-stream' } })
  if (answer.status >= 500) throw new TypeError(`the server answered ${answer.status}`)
  if (!answer.ok) throw await refusalOf(answer)
  if (answer.body === null) throw new TypeError('the server answered with nothing')
  return readEventStream(answer.body)
}

/** fetch throws a TypeError for everything the network does to it. */
const isConnectionLoss = (error: unknown): boolean => error instanceof TypeError
