import type { JobName, JobPayload } from './jobs'

/** Hands a ticket to the workers; false when the queue did not take it (the sweeper writes it again from the database). */
export async function enqueue<Name extends JobName>(_name: Name, _payload: JobPayload<Name>, _options?: { delayMs?: number }): Promise<boolean> {
  throw new Error('not there yet')
}
