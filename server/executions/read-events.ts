import type { ListEventsQuery } from '@/domain/api/executions'
import { DomainError } from '@/domain/domain-error'
import { readEventsOfType, readLogPart, type LoggedEvent } from '../db/read-event-log'

/** The events of the list call. Throws DomainError('not_found'). */
export async function readEvents(executionId: string, { after, type, limit }: ListEventsQuery): Promise<LoggedEvent[]> {
  const part = await readLogPart(executionId, after, type === undefined ? limit : 0)
  if (part === null) throw noSuchExecution(executionId)
  return type === undefined ? part.events : readEventsOfType(executionId, { after, type, limit })
}

/** The refusal of an id that isn't one of an execution. */
export const noSuchExecution = (executionId: string): DomainError =>
  new DomainError('not_found', `There is no execution ${executionId}.`)
