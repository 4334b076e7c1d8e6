import { enqueueMany } from '../queue/enqueue'
import type { JobName, JobPayload } from '../queue/jobs'

/** What is to be done, by ids. */
export type Ticket = { [Name in JobName]: { name: Name; payload: JobPayload<Name> } }[JobName]

/** Hands tickets to the queue, after the commit of what they rest on. */
export async function sendTickets(tickets: readonly Ticket[]): Promise<void> {
  await Promise.all([
    enqueueMany(
      'element',
      tickets.flatMap((ticket) => (ticket.name === 'element' ? [ticket] : [])),
    ),
    enqueueMany(
      'orchestrate',
      tickets.flatMap((ticket) => (ticket.name === 'orchestrate' ? [ticket] : [])),
    ),
  ])
}
