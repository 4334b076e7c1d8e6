import { eventListSchema } from '@/domain/api/executions'
import type { ExecutionEvent } from '@/domain/execution/events'
import { callJson } from '../target/call-api'
import { followEvents } from '../target/follow-events'

const PAGE = 1_000

/** Prints an execution's events, one JSON object a line; with `follow` goes on until the execution has ended. */
export async function events(server: string, id: string, options: { follow?: boolean }): Promise<void> {
  let after = 0
  for await (const event of readEvents(server, id)) {
    print(event)
    after = event.seq
  }
  if (options.follow !== true) return
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  for await (const event of followEvents({ server, id, after, say })) print(event)
}

async function* readEvents(server: string, id: string): AsyncGenerator<ExecutionEvent> {
  for (let after = 0; ;) {
    const path = `/api/executions/${id}/events?after=${after}&limit=${PAGE}`
    const { items } = await callJson(eventListSchema, { server, path })
    yield* items
    const last = items.at(-1)
    if (last === undefined || items.length < PAGE) return
    after = last.seq
  }
}

function print(event: ExecutionEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}
