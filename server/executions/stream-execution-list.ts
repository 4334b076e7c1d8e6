import { STREAM_HEADERS } from '../sse/frames'
import { openOutlet } from '../sse/outlet'
import { streamHub } from '../sse/stream-hub'
import { readChangingExecutions, readRecentExecutions } from './read-execution-list'

/** The newest executions, then each again whenever it changes: `event: execution`, its data a row of the list. */
export async function streamExecutionList(signal: AbortSignal): Promise<Response> {
  const { tail, release } = streamHub().holdList({ recent: readRecentExecutions, changing: readChangingExecutions })
  const outlet = openOutlet({
    room: () => undefined,
    closed() {
      signal.removeEventListener('abort', outlet.end)
      tail.leave(outlet)
      release()
    },
  })
  signal.addEventListener('abort', outlet.end, { once: true })
  try {
    await tail.join(outlet)
  } catch (error) {
    outlet.end()
    throw error
  }
  return new Response(outlet.body, { headers: STREAM_HEADERS })
}
