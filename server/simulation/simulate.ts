import type { Ticket } from '@/server/executions/tickets'
import { checkAtEnd, checkView } from './check-end'
import { createDraw } from './draw'
import { createFleet, type Fleet } from './fleet'
import { createDatabase } from './model/rows'
import { modelStore, type Store } from './model/store'
import { createReader } from './reader'
import { drawScenario, NO_FAULTS, type Incident, type Scenario } from './scenario'
import { createScheduler } from './scheduler'
import { createScriptedApi } from './scripted-api'
import { createTicketQueue } from './ticket-queue'
import { createWitness, type Violation } from './watch'
import { EPOCH_MS, type World } from './world'

export type Simulated = {
  scenario: Scenario
  violations: Violation[]
  trace: string[]
  meetings: ReadonlyMap<string, number>
  /** To the database, the queue and the API. */
  calls: number
  endedAt: number
}

/** A run that has not ended so long after the last fault never will. */
const PATIENCE_MS = 300_000
/** Whoever was replaced has learned it by then. */
const AFTERMATH_MS = 15_000
const LOOK_MS = 1_000

/**
 * One run of the engine in made-up surroundings, the same for the same seed. `plant` puts a mistake into the store, which
 * the promises must then not survive.
 */
export async function simulate(
  scenario: Scenario,
  { plant = sound, traced = false }: { plant?: (store: Store) => Store; traced?: boolean } = {},
): Promise<Simulated> {
  const scheduler = createScheduler()
  const draw = createDraw(scenario.seed ^ 0x5eed)
  const trace: string[] = []
  const run = {
    executionId: '1',
    playbook: scenario.playbook,
    workload: {},
    overrides: new Set<string>(),
  }
  const db = createDatabase(run, () => EPOCH_MS + Math.floor(scheduler.now()))
  const witness = createWitness(
    db,
    scheduler.now,
    ({ step, index }) => step === 'fetch' && [...scenario.elements.keys()][index] === scenario.poison,
  )
  let turns = 0
  let calls = 0
  let disturbedUntil = -Infinity
  const world: World = {
    scenario,
    scheduler,
    draw,
    db,
    store: plant(modelStore),
    api: createScriptedApi(scenario, draw),
    queue: createTicketQueue(scheduler, () => fleet.dispatch()),
    witness,
    faults: () => (scheduler.now() < scenario.calmAt ? scenario.faults : NO_FAULTS),
    downUntil: 0,
    fateOfCall() {
      calls += 1
      return scenario.killAt?.call === calls ? scenario.killAt.when : null
    },
    nextTurn: (worker) => ({ id: ++turns, worker }),
    disturb(forMs) {
      disturbedUntil = Math.max(disturbedUntil, scheduler.now() + forMs)
    },
    pausedAt: 0,
    quietSince: () => disturbedUntil,
    note(who, what) {
      if (traced) trace.push(`${(scheduler.now() / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(5)} ${what()}`)
    },
  }
  const fleet = createFleet(world)
  const reader = createReader(world)
  for (const incident of scenario.incidents) scheduler.in(incident.at, () => happen(world, fleet, incident))
  world.queue.add({ name: 'orchestrate', payload: { executionId: '1', seq: 0 } }, { delayMs: 0 })
  let endedAt: number | null = null
  const look = (): void => {
    if (endedAt === null && isOver(world, fleet)) endedAt = scheduler.now()
    scheduler.in(LOOK_MS, look)
  }
  scheduler.in(scenario.calmAt, () => {
    world.note('-', () => 'from now on nothing goes wrong any more')
    look()
  })
  await scheduler.run(() => endedAt !== null && scheduler.now() > endedAt + AFTERMATH_MS)
  reader.read()
  checkAtEnd(world, reader.view())
  return {
    scenario,
    violations: witness.violations,
    trace,
    meetings: witness.meetings,
    calls,
    endedAt: endedAt ?? 0,
  }
}

/** The run of a seed; its trace only if something is wrong with it. */
export async function simulateSeed(seed: number, plant: (store: Store) => Store = sound): Promise<Simulated> {
  const quick = await simulate(drawScenario(seed), { plant })
  return quick.violations.length === 0 ? quick : simulate(drawScenario(seed), { plant, traced: true })
}

const sound = (store: Store): Store => store

function happen(world: World, fleet: Fleet, incident: Incident): void {
  switch (incident.what) {
    case 'kill':
    case 'drain':
    case 'jump':
    case 'freeze':
      return fleet.strike(incident)
    case 'outage':
      world.note('-', () => `the database is away for ${Math.round(incident.ms)} ms`)
      world.downUntil = world.scheduler.now() + incident.ms
      world.disturb(incident.ms)
      return
    case 'cancel':
      return control(world, fleet, 'cancel')
    case 'pause':
      return control(world, fleet, 'pause')
    case 'resume':
      return control(world, fleet, 'resume')
  }
}

/** Somebody presses a button. */
function control(world: World, fleet: Fleet, what: 'cancel' | 'pause' | 'resume' | 'retry'): void {
  const tickets: Ticket[] | null = world.store[what](world.db)
  world.note('user', () => `asks to ${what} the run: ${tickets === null ? 'refused' : 'done'}`)
  if (tickets === null) return
  if (what === 'cancel') fleet.watchCancelled()
  if (what === 'pause') world.pausedAt = world.scheduler.now()
  if (what === 'resume' || what === 'retry') world.disturb(0)
  if (what === 'retry') {
    world.witness.met('retries of the run')
    world.witness.reopened()
  }
  if (what === 'cancel' || what === 'pause') fleet.notify()
  for (const ticket of tickets) world.queue.add(ticket, { delayMs: 5 })
}

/** In the calm after everything: what stands still is moved on, what failed is repaired and tried again, once. */
function isOver(world: World, fleet: Fleet): boolean {
  const { db, api, witness, scheduler, scenario } = world
  switch (db.execution.status) {
    case 'PENDING':
    case 'RUNNING':
      if (scheduler.now() < scenario.calmAt + PATIENCE_MS) return false
      witness.broken('ends', `the run is still ${db.execution.status}, ${PATIENCE_MS / 1000} s after the last fault`)
      return true
    case 'PAUSED':
      control(world, fleet, 'resume')
      return false
    case 'COMPLETED':
      if (api.isWhole() || db.execution.failed === 0) return true
      break
    case 'FAILED':
    case 'CANCELLED':
      break
  }
  if (api.isWhole()) {
    witness.broken('ends', `the run ended as ${db.execution.status}, though nothing went wrong any more`)
    return true
  }
  // As the hint of wait_too_long says it.
  if (world.store.readPause(db) > 0) return false
  api.repair()
  checkView(world)
  control(world, fleet, 'retry')
  return false
}
