import type { JobName, JobPayload } from '@/server/queue/jobs'
import { jobIdOf } from '@/server/queue/jobs'
import type { Ticket } from '@/server/executions/tickets'
import type { Scheduler } from './scheduler'

export type Job = { id: string; ticket: Ticket; state: 'delayed' | 'waiting' | 'active'; turn: number }

export type TicketQueue = {
  /** A ticket whose id is there already is swallowed. `copy` makes it another one. */
  add: (ticket: Ticket, options: { delayMs: number; copy?: number }) => void
  /** The next job for whoever has a free slot; null when none waits. */
  take: () => Job | null
  /** The job is gone, unless somebody else has it by now. */
  done: (job: Job, turn: number) => void
  /** Its lock ran out: it is handed out once more. */
  stall: (job: Job, turn: number) => void
}

/** BullMQ as it is used: ids that swallow their doubles, alarm clocks, jobs that come back from the dead. */
export function createTicketQueue(scheduler: Scheduler, onWaiting: () => void): TicketQueue {
  const jobs = new Map<string, Job>()

  const ready = (job: Job): void => {
    job.state = 'waiting'
    onWaiting()
  }
  return {
    add(ticket, { delayMs, copy }) {
      const id = copy === undefined ? idOf(ticket) : `${idOf(ticket)}/${copy}`
      if (jobs.has(id)) return
      const job: Job = { id, ticket, state: 'delayed', turn: 0 }
      jobs.set(id, job)
      if (delayMs <= 0) ready(job)
      else scheduler.in(delayMs, () => ready(job))
    },
    take() {
      for (const job of jobs.values()) {
        if (job.state !== 'waiting') continue
        job.state = 'active'
        job.turn += 1
        return job
      }
      return null
    },
    done(job, turn) {
      if (job.turn === turn && job.state === 'active') jobs.delete(job.id)
    },
    stall(job, turn) {
      if (job.turn === turn && job.state === 'active' && jobs.get(job.id) === job) ready(job)
    },
  }
}

function idOf(ticket: Ticket): string {
  switch (ticket.name) {
    case 'element':
      return jobIdOf('element', ticket.payload)
    case 'orchestrate':
      return jobIdOf('orchestrate', ticket.payload)
    default:
      throw new Error(`A run has no tickets called ${ticket.name}.`)
  }
}

/** A name and its payload as one ticket. */
export const ticketOf = (name: JobName, payload: JobPayload<JobName>): Ticket => ({ name, payload }) as Ticket
