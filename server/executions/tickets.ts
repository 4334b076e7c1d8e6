import { enqueueMany } from '../queue/enqueue'
import type { JobName, JobPayload } from '../queue/jobs'
import { isTakenNear } from './near-work'

/** What is to be done, by ids. */
export type Ticket = { [Name in JobName]: { name: Name; payload: JobPayload<Name> } }[JobName]

/** Hands out work, after the commit of what it rests on: to this process if it takes it, else to the queue. */
export async function sendTickets(tickets: readonly Ticket[]): Promise<void> {
  await Promise.all([
    enqueueMany(
      'element',
      tickets.flatMap((ticket) => (ticket.name === 'element' && !isTakenNear(ticket.payload) ? [ticket] : [])),
    ),
    enqueueMany(
      'orchestrate',
      tickets.flatMap((ticket) => (ticket.name === 'orchestrate' ? [ticket] : [])),
    ),
  ])
}
