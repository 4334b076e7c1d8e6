import { STREAM_HEADERS } from '../sse/frames'
import { openOutlet } from '../sse/outlet'
import { streamHub } from '../sse/stream-hub'
import { noSuchExecution } from './read-events'

type StreamRequest = { executionId: string; after: number; signal: AbortSignal }

/**
 * The events of one execution after `after`, as they are and as they come (api.md "Stream"). What can fail fails before
 * the first byte: throws DomainError('not_found'), or the database's error.
 */
export async function streamExecution({ executionId, after, signal }: StreamRequest): Promise<Response> {
  const { tail, release } = streamHub().hold(executionId)
  try {
    if (!(await tail.refresh())) throw noSuchExecution(executionId)
    signal.throwIfAborted()
  } catch (error) {
    release()
    throw error
  }
  const outlet = openOutlet({
    room: () => tail.replay(viewer),
    closed() {
      signal.removeEventListener('abort', outlet.end)
      tail.leave(viewer)
      release()
    },
  })
  const viewer = tail.join(after, outlet)
  signal.addEventListener('abort', outlet.end, { once: true })
  return new Response(outlet.body, { headers: STREAM_HEADERS })
}

/** Where a client continues: the header a browser sends by itself after a break, else `?after=`, else the start. */
export function resumeAfter(request: Request, after: number | undefined): number {
  const lastEventId = request.headers.get('last-event-id')
  return lastEventId !== null && /^\d{1,10}$/.test(lastEventId) ? Number(lastEventId) : (after ?? 0)
}
