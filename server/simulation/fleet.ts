import { createProcess } from './sim-process'
import { createWorker, type SimWorker } from './sim-worker'
import type { Incident } from './scenario'
import type { Job } from './ticket-queue'
import { ACTS_WITHIN_MS, type World } from './world'

export type Fleet = {
  /** Hands waiting jobs to free slots. */
  dispatch: () => void
  strike: (incident: Extract<Incident, { worker: number }>) => void
  /** The news that a run was cancelled or paused goes out. */
  notify: () => void
  /** Within a second no request of a cancelled run is under way any more (P9). */
  watchCancelled: () => void
}

const SWEEP_MS = 2_000
const LOOK_MS = 1_000
/** A killed worker's job is back after so long, as measured (docs/decisions/002). */
const STALLED_MS = 8_000
const LOCK_MS = 10_000
/** P3, with the sweep that is just over when the lease runs out. */
const CONTINUE_MS = 15_000

type Member = { worker: SimWorker; jobs: Map<Job, number>; isDraining: boolean }

/** Worker processes, and the supervisor that replaces the dead. */
export function createFleet(world: World): Fleet {
  const { scheduler, draw, queue, scenario } = world
  const members: Member[] = []
  let generation = 0
  let fullAt = 0
  const dead = new Set<string>()
  let sweeps = 0

  const start = (place: number): void => {
    const name = `w${place}.${++generation}`
    const process = createProcess(world, name, { onDeath: () => buried(place), onFreeze: (ms) => frozen(place, ms) })
    const worker = createWorker(world, process)
    members[place] = { worker, jobs: new Map(), isDraining: false }
    world.note(name, () => 'starts')
    dispatch()
  }
  const buried = (place: number): void => {
    const gone = members[place]
    if (gone === undefined) return
    for (const [job, turn] of gone.jobs) scheduler.in(draw.between(3_000, STALLED_MS), () => queue.stall(job, turn))
    dead.add(gone.worker.process.name)
    world.disturb(0)
    scheduler.in(draw.between(500, 3_000), () => start(place))
  }
  const frozen = (place: number, ms: number): void => {
    const jobs = [...(members[place]?.jobs ?? [])]
    if (ms > LOCK_MS) for (const [job, turn] of jobs) scheduler.in(LOCK_MS, () => queue.stall(job, turn))
    scheduler.in(ms, dispatch)
  }
  const isFree = (member: Member): boolean =>
    member.worker.process.isAlive() &&
    !member.worker.process.isFrozen() &&
    !member.isDraining &&
    member.jobs.size < scenario.slots

  function dispatch(): void {
    for (;;) {
      const free = members.filter(isFree)
      if (free.length === 0) return
      const job = queue.take()
      if (job === null) return
      give(draw.pick(free), job)
    }
  }
  const give = (member: Member, job: Job): void => {
    const { turn } = job
    member.jobs.set(job, turn)
    member.worker.process.later(draw.between(0.5, 10), () => {
      void member.worker.work(job).then(() => {
        if (!member.worker.process.isAlive()) return
        member.jobs.delete(job)
        queue.done(job, turn)
        if (member.isDraining && member.jobs.size === 0) member.worker.process.kill('after it has drained')
        dispatch()
      })
    })
  }

  /** Work that a dead worker held goes on in time, where a slot is free and nothing else goes wrong meanwhile (P3). */
  const lookForOrphans = (): void => {
    scheduler.in(LOOK_MS, lookForOrphans)
    const { execution } = world.db
    if (!members.some(isFree)) fullAt = scheduler.now()
    const since = Math.max(fullAt, world.quietSince())
    if (execution.status !== 'RUNNING' || scheduler.now() - since <= CONTINUE_MS) return
    for (const { step, iterations } of execution.steps) {
      for (const { status, workerId, index } of iterations) {
        if (status !== 'RUNNING' || workerId === null || !dead.has(workerId)) continue
        world.witness.broken(
          'P3',
          `${step}#${index} has stood still for ${CONTINUE_MS / 1000} s since ${workerId} died`,
        )
      }
    }
  }

  const sweeper = (): void => {
    const free = members.filter(({ worker }) => worker.process.isAlive() && !worker.process.isFrozen())
    const member = free[sweeps++ % Math.max(1, free.length)]
    if (member !== undefined) void member.worker.sweep()
    scheduler.in(SWEEP_MS, sweeper)
  }
  for (let place = 0; place < scenario.workers; place++) start(place)
  sweeper()
  lookForOrphans()

  return {
    dispatch,
    strike({ what, worker: place, ms }) {
      const member = members[place]
      if (member === undefined || !member.worker.process.isAlive()) return
      const { worker } = member
      if (what === 'kill') worker.process.kill('by kill -9')
      if (what === 'jump') worker.process.jump(ms)
      if (what === 'drain' && !member.isDraining) {
        member.isDraining = true
        worker.drain()
        if (member.jobs.size === 0) worker.process.kill('after it has drained')
      }
      if (what === 'freeze') {
        worker.process.freeze(ms)
      }
    },
    notify() {
      for (const { worker } of members) {
        if (!draw.chance(world.faults().lostNotification))
          worker.process.later(draw.between(1, 20), () => worker.leases.check())
      }
    },
    watchCancelled() {
      const at = scheduler.now()
      const { length } = world.db.execution.events
      scheduler.in(ACTS_WITHIN_MS, () => {
        if (world.db.execution.status !== 'CANCELLED' || world.db.execution.events.length > length) return
        if (world.quietSince() < at - 2_000) world.witness.met('cancelled')
        for (const { worker } of members) {
          if (worker.inFlight() === 0 || !worker.process.isAlive() || world.quietSince() >= at - 2_000) continue
          world.witness.broken(
            'P9',
            `${worker.process.name} still waits for the API, ${ACTS_WITHIN_MS} ms after the run was cancelled`,
          )
        }
      })
    },
  }
}
