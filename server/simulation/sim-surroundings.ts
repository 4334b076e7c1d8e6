import { z } from 'zod'
import type { HttpOutcome, HttpRequest } from '@/domain/http-message'
import { workloadScope } from '@/server/executions/build-scope'
import type { Surroundings } from '@/server/executions/surroundings'
import { nameOf, stepRow } from './model/rows'
import { AFTER, placeNameOf } from './paged-answer'
import { createSlots } from './request-slots'
import type { SimProcess } from './sim-process'
import { ticketOf } from './ticket-queue'
import { tellClaim, type Turn } from './watch'
import { ACTS_WITHIN_MS, type World } from './world'

/** What a process of a simulation works in: its clock, the network, the queue and the store, all of them made up. */
export function surroundingsOf(world: World, process: SimProcess, flights: Set<HttpRequest>): Surroundings {
  const { db, store, draw, queue, note } = world
  const strikes = (fault: 'lostTicket' | 'doubleTicket' | 'lateTicket'): boolean => draw.chance(world.faults()[fault])
  const slots = createSlots(world, process)
  return {
    now: process.now,
    random: draw.next,
    sleep: (ms, signal) => sleepIn(process, ms, signal),
    every(ms, tick) {
      let drop = process.later(ms, again)
      function again(): void {
        drop = process.later(ms, again)
        tick()
      }
      return () => drop()
    },
    send: (request, { signal }) => send({ world, process, flights }, request, signal),
    untilSent: () => Promise.resolve(),
    budget: () => slots,
    enqueue: (name, payload, options) =>
      process
        .call('a ticket', () => {
          const ticket = ticketOf(name, payload)
          if (strikes('lostTicket')) {
            note(process.name, () => `a ticket is lost: ${JSON.stringify(payload)}`)
            world.disturb(2_000)
            return true
          }
          const lateMs = strikes('lateTicket') ? draw.between(100, 5_000) : 0
          if (lateMs > 0) world.disturb(lateMs + 2_000)
          queue.add(ticket, { delayMs: (options?.delayMs ?? 0) + lateMs })
          if (strikes('doubleTicket')) queue.add(ticket, { delayMs: draw.between(0, 3_000), copy: draw.next() })
          return true
        })
        .catch(() => false),
    store: {
      claim: () => Promise.reject(new Error('Claims are made by turns.')),
      renew: (workerId, leaseMs, held) => process.call('a renewal', () => store.renew(db, { workerId, leaseMs, held })),
      release: (held) =>
        process.call('a release', () => {
          store.release(db, held)
        }),
      loadRun: () => Promise.resolve(db.execution.run),
      elementScope(run, step, { index, element }) {
        const scope = workloadScope(run)
        const looped = step.loop === null ? scope : { ...scope, [step.loop.element]: element, _loop: { index } }
        return Promise.resolve({ scope: looped, secrets: [], others: [] })
      },
      readSecrets: () => Promise.resolve(new Map()),
      startedAgo: () => process.call('a duration', () => 0),
    },
  }
}

/** As `around`, with what one turn does told apart from what another one of the same process does. */
export function ofTurn(
  world: World,
  process: SimProcess,
  { around, turn }: { around: Surroundings; turn: Turn },
): Surroundings {
  const { db, store, witness, api, note } = world
  const keyOf = (element: string) => {
    if (element.startsWith(AFTER)) return { step: 'after', index: Number(element.slice(AFTER.length)) }
    const step = stepRow(db, 'fetch')
    const index = step?.iterations.findIndex((row) => nameOf(row) === element) ?? 0
    return { step: 'fetch', index }
  }
  return {
    ...around,
    async send(request, sending) {
      const url = new URL(request.url)
      const { element } = api.askedFor(url)
      const place = placeNameOf(url)
      witness.asked(turn, keyOf(element), { place, quietSince: world.quietSince() })
      if (isPausedForLong(world)) witness.broken('pause', `${turn.worker} asks for a page of a paused run`)
      const outcome = await around.send(request, sending)
      if (outcome.kind === 'response' || outcome.failure !== 'aborted')
        witness.answered(turn, keyOf(element), { place, isGood: api.isGood(outcome) })
      return outcome
    },
    store: {
      ...around.store,
      claim: (request) =>
        process.call('a claim', () => {
          const claim = store.claim(db, request)
          note(process.name, () => `claims ${request.step}#${request.index}: ${tellClaim(claim)}`)
          if (claim !== null) witness.granted(turn, request, claim.epoch)
          for (const what of midwayOf(claim?.checkpoint ?? null)) witness.met(`claimed ${what}`)
          return claim
        }),
      release: (held) =>
        process.call('a release', () => {
          note(process.name, () => `gives ${held.step}#${held.index} back, epoch ${held.epoch}`)
          witness.released(turn, held)
          store.release(db, held)
        }),
    },
  }
}

/** What an element was in the middle of when somebody else went on with it. */
function midwayOf(checkpoint: unknown): string[] {
  const { ahead, auto, open } = midwaySchema.parse(checkpoint ?? {})
  return [
    ...(open.some(({ room }) => ahead !== null && room !== null && room < ahead.pageSize)
      ? ['while a gap is filled']
      : []),
    ...(auto?.stage === 'proving' ? ['in the middle of a proof'] : []),
    ...(open.some(({ afterSkip }) => afterSkip) ? ['after a skipped page'] : []),
  ]
}

const midwaySchema = z.object({
  ahead: z.object({ pageSize: z.number() }).nullable().default(null),
  auto: z.object({ stage: z.string() }).nullable().default(null),
  open: z.array(z.object({ afterSkip: z.boolean(), room: z.number().nullable() })).default([]),
})

/** For longer than a worker may take to hear of it, where nothing kept it from hearing. */
function isPausedForLong({ db, scheduler, pausedAt, quietSince }: World): boolean {
  if (db.execution.status !== 'PAUSED' || quietSince() >= pausedAt - 2_000) return false
  return scheduler.now() > pausedAt + ACTS_WITHIN_MS
}

async function sleepIn(process: SimProcess, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return
  await new Promise<void>((resolve) => {
    const drop = process.later(ms, finish)
    function finish(): void {
      drop()
      signal.removeEventListener('abort', finish)
      resolve()
    }
    signal.addEventListener('abort', finish)
  })
}

type Sender = { world: World; process: SimProcess; flights: Set<HttpRequest> }

function send({ world, process, flights }: Sender, request: HttpRequest, signal: AbortSignal): Promise<HttpOutcome> {
  const { api, faults, note } = world
  const startedAt = new Date(process.now())
  const name = request.url.slice('https://api.test'.length)
  const aborted: HttpOutcome = {
    kind: 'none',
    failure: 'aborted',
    code: 'ABORTED',
    message: 'given up',
    startedAt,
    durationMs: 0,
  }
  if (signal.aborted) return Promise.resolve(aborted)
  const fate = world.fateOfCall()
  if (fate === 'before') {
    process.kill(`before ${name} is asked for`)
    return new Promise(() => undefined)
  }
  note(process.name, () => `asks for ${name}`)
  const { ms, outcome } = api.reply(request, startedAt, faults().api)
  return new Promise((resolve) => {
    flights.add(request)
    const end = (result: HttpOutcome): void => {
      drop()
      flights.delete(request)
      signal.removeEventListener('abort', abort)
      resolve(result)
    }
    const abort = (): void => {
      note(process.name, () => `gives ${name} up`)
      end(aborted)
    }
    const drop = process.later(ms, () => {
      if (outcome === 'deadly' || fate === 'after') return process.kill(`of the answer to ${name}`)
      note(
        process.name,
        () => `is told of ${name}: ${outcome.kind === 'none' ? outcome.failure : outcome.response.status}`,
      )
      end(outcome)
    })
    signal.addEventListener('abort', abort)
  })
}
