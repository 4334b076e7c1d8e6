import type { HttpRequest } from '@/domain/http-message'
import type { ElementWorker } from '@/server/executions/element-work'
import { isPassing } from '@/server/executions/is-passing'
import { createLeaseKeeper, type LeaseKeeper } from '@/server/executions/lease-keeper'
import { runElement } from '@/server/executions/run-element'
import type { Ticket } from '@/server/executions/tickets'
import { createSignedWriter } from './signed-writer'
import type { SimProcess } from './sim-process'
import { ofTurn, surroundingsOf } from './sim-surroundings'
import type { Job } from './ticket-queue'
import type { Turn } from './watch'
import type { World } from './world'

export type SimWorker = {
  process: SimProcess
  busy: () => number
  /** Requests under way. */
  inFlight: () => number
  leases: LeaseKeeper
  /** Works on a job; resolves when the job has ended, never when the process dies before. */
  work: (job: Job) => Promise<void>
  drain: () => void
  sweep: () => Promise<void>
}

const LAST_ANSWERS_MS = 6_000

/** A worker process: the engine's own code, in surroundings that are all made up. */
export function createWorker(world: World, process: SimProcess): SimWorker {
  const { db, store, witness, scheduler, note } = world
  const draining = new AbortController()
  const stopping = new AbortController()
  const flights = new Set<HttpRequest>()
  let busy = 0
  const around = surroundingsOf(world, process, flights)
  const leases = createLeaseKeeper(process.name, around)
  const { signed } = createSignedWriter(world, process)
  const hand = async (tickets: readonly Ticket[]): Promise<void> => {
    for (const { name, payload } of tickets) await around.enqueue(name, payload)
  }
  const orchestrate = async (): Promise<void> => {
    const tickets = await process.call('the orchestrator', () => store.orchestrate(db))
    note(process.name, () => `orchestrates: ${tickets.length} tickets, ${db.execution.status}`)
    await hand(tickets)
  }
  const runJob = async (ticket: Ticket, turn: Turn): Promise<void> => {
    if (ticket.name === 'element') {
      const { epoch: _epoch, ...key } = ticket.payload
      if (!(await runElement(key, workerOf(turn)))) return
    }
    await orchestrate()
  }
  const suspects: ElementWorker['suspects'] = new Set()
  const workerOf = (turn: Turn): ElementWorker => ({
    workerId: process.name,
    writer: signed(turn),
    leases,
    suspects,
    hasFreeSlot: () => busy < world.scenario.slots,
    around: ofTurn(world, process, { around, turn }),
    draining: draining.signal,
    stopping: stopping.signal,
  })

  return {
    process,
    busy: () => busy,
    inFlight: () => flights.size,
    leases,
    async work({ ticket }) {
      busy += 1
      try {
        await runJob(ticket, world.nextTurn(process.name))
      } catch (error) {
        if (!isPassing(error)) witness.broken('no surprise', `a job threw ${String(error)}`)
        note(process.name, () => `a job ends with ${String(error)}`)
      }
      busy -= 1
    },
    drain() {
      note(process.name, () => 'drains')
      draining.abort(new Error('the worker drains'))
      scheduler.in(LAST_ANSWERS_MS, () => stopping.abort(new Error('the worker stops')))
    },
    async sweep() {
      const tickets = await process.call('a sweep', () => store.sweep(db)).catch(() => [])
      await hand(tickets)
    },
  }
}
