import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import type { Playbook } from '@/domain/playbook/playbook'
import { createDraw, type Draw } from './draw'
import { AFTER } from './paged-answer'
import { drawShape, keysOf, PLAIN, type Shape } from './shape'

/** How often each thing goes wrong: a share of the calls of its kind. */
export type Faults = {
  /** A worker dies at an await: before its call goes out, or between the server's act and its answer. */
  kill: number
  /** A worker stands still after a call, mostly for longer than its lease. */
  freeze: number
  /** The connection breaks: what was asked for was done, or it was not. */
  brokenCall: number
  slowAnswer: number
  api: number
  lostTicket: number
  doubleTicket: number
  lateTicket: number
  lostNotification: number
}

export type Incident =
  | { at: number; what: 'kill' | 'drain' | 'jump' | 'freeze'; worker: number; ms: number }
  | { at: number; what: 'outage'; ms: number }
  | { at: number; what: 'cancel' | 'pause' | 'resume' }

export type Scenario = {
  seed: number
  shape: Shape
  /** How long the API takes for a page, at most. */
  paceMs: number
  /** Pages by name of the element; without a loop there is one. */
  elements: ReadonlyMap<string, number>
  playbook: Playbook
  workers: number
  slots: number
  maxUnwritten: number
  faults: Faults
  incidents: readonly Incident[]
  /** One process dies at this call of all, counted from 1: before it goes out, or once it was done and is not answered yet. */
  killAt: { call: number; when: 'before' | 'after' } | null
  /** From then on nothing goes wrong any more. */
  calmAt: number
  /** Pages that answer 404 until the run is retried, as `element/page`. */
  broken: ReadonlySet<string>
  /** The element whose answers kill the worker that reads them, until the run is retried. */
  poison: string | null
}

export const NO_FAULTS: Faults = {
  kill: 0,
  freeze: 0,
  brokenCall: 0,
  slowAnswer: 0,
  api: 0,
  lostTicket: 0,
  doubleTicket: 0,
  lateTicket: 0,
  lostNotification: 0,
}

const NAMES = ['a', 'b', 'c', 'd', 'e']

/** What a seed stands for. */
export function drawScenario(seed: number): Scenario {
  const draw = createDraw(seed)
  const looped = draw.chance(0.9)
  const names = looped ? NAMES.slice(0, draw.whole(1, 5)) : ['a']
  const elements = new Map(names.map((name) => [name, draw.chance(0.1) ? 0 : draw.whole(1, 7)]))
  const shape = drawShape(draw)
  const calmAt = draw.between(5_000, 40_000)
  const paceMs = draw.pick([20, 300, 2_000, 6_000])
  const workers = draw.whole(1, 3)
  const poison = draw.chance(0.1) ? draw.pick(names) : null
  return {
    seed,
    shape,
    paceMs,
    elements,
    playbook: playbookOf({
      shape,
      names: looped ? names : null,
      mode: draw.pick(['sequential', 'async']),
      concurrency: draw.whole(1, 3),
      onFailure: draw.pick(['fail', 'continue']),
      attempts: draw.whole(2, 5),
      delay: draw.pick([0.05, 0.4, 2]),
      goesOn: draw.chance(0.15),
      isLimited: draw.chance(shape.maxWait === null ? 0.15 : 0.6),
    }),
    workers,
    slots: draw.whole(1, 3),
    maxUnwritten: draw.pick([1, 2, 64]),
    faults: drawFaults(draw),
    incidents: drawIncidents(draw, { calmAt, workers, paceMs }),
    killAt: null,
    calmAt,
    broken: new Set(
      draw.chance(shape.onPageError === 'fail' ? 0.25 : 0.7) ? [`${draw.pick(names)}/${draw.whole(1, 4)}`] : [],
    ),
    poison,
  }
}

/** Most runs meet a few kinds of trouble, some all of them, some none. */
function drawFaults(draw: Draw): Faults {
  const some = (share: number): number => (draw.chance(0.5) ? draw.between(share / 10, share) : 0)
  return {
    kill: some(0.06),
    freeze: some(0.02),
    brokenCall: some(0.1),
    slowAnswer: some(0.05),
    api: some(0.3),
    lostTicket: some(0.4),
    doubleTicket: some(0.4),
    lateTicket: some(0.3),
    lostNotification: some(0.9),
  }
}

type Timing = Pick<Scenario, 'calmAt' | 'workers' | 'paceMs'>

function drawIncidents(draw: Draw, { calmAt, workers, paceMs }: Timing): Incident[] {
  const incidents: Incident[] = []
  // Most of the work is done while the first pages come.
  const at = (): number => Math.min(calmAt, draw.chance(0.7) ? draw.between(5, 12 * paceMs) : draw.between(0, calmAt))
  const worker = (): number => draw.whole(0, workers - 1)
  for (let count = draw.whole(0, 5); count > 0; count--) {
    const what = draw.pick(['kill', 'drain', 'jump', 'freeze', 'freeze', 'outage'] as const)
    if (what === 'outage') incidents.push({ at: at(), what, ms: draw.between(200, 15_000) })
    else if (what === 'jump') incidents.push({ at: at(), what, worker: worker(), ms: draw.between(-20_000, 20_000) })
    else incidents.push({ at: at(), what, worker: worker(), ms: draw.between(100, 25_000) })
  }
  if (draw.chance(0.2)) incidents.push({ at: at(), what: 'cancel' })
  if (draw.chance(0.15)) {
    const pausedAt = at()
    incidents.push({ at: pausedAt, what: 'pause' }, { at: pausedAt + draw.between(10, 8_000), what: 'resume' })
  }
  return incidents.toSorted((a, b) => a.at - b.at)
}

const parsed = new Map<string, Playbook>()

type Written = {
  shape: Shape
  /** Null: the step has no loop. */
  names: readonly string[] | null
  mode: 'sequential' | 'async'
  concurrency?: number
  onFailure?: 'fail' | 'continue'
  attempts?: number
  /** Seconds. */
  delay?: number
  isLimited?: boolean
  /** Another step loops over the results of the first. */
  goesOn?: boolean
}

/** As `writePlaybook`, parsed once. */
export function playbookOf(written: Written): Playbook {
  const text = writePlaybook(written)
  const known = parsed.get(text)
  if (known !== undefined) return known
  const { playbook, diagnostics } = parsePlaybook(text)
  if (playbook === null) throw new Error(JSON.stringify(diagnostics))
  parsed.set(text, playbook)
  return playbook
}

/** The text of a playbook that fetches all pages of each element. */
export function writePlaybook(written: Written): string {
  const {
    shape,
    names,
    mode,
    concurrency = 1,
    onFailure = 'fail',
    attempts = 3,
    delay = 0.4,
    isLimited,
    goesOn,
  } = written
  const limit = isLimited === true ? { rate_limit: { requests: 4, per: 1 } } : {}
  return JSON.stringify({
    apiVersion: 'noetl.io/v1',
    kind: 'Playbook',
    metadata: { name: 'simulation', path: 'tests/simulation' },
    workflow: [
      { step: 'start', next: [{ step: 'fetch' }] },
      {
        step: 'fetch',
        tool: 'http',
        url: names === null ? 'https://api.test/a' : 'https://api.test/{{ name }}',
        ...keysOf(shape, { attempts, delay }),
        ...limit,
        ...(names !== null && {
          loop: {
            collection: names,
            element: 'name',
            mode,
            ...(mode === 'async' && { concurrency }),
            on_failure: onFailure,
          },
        }),
        next: [{ step: 'after' }],
      },
      goesOn === true ? afterStep({ attempts, delay }, limit) : { step: 'after' },
    ],
  })
}

/** One page after the other for each result of the step before. */
const afterStep = (policy: { attempts: number; delay: number }, limit: object): Record<string, unknown> => ({
  step: 'after',
  tool: 'http',
  url: `https://api.test/${AFTER}{{ _loop.index }}`,
  ...keysOf(PLAIN, policy),
  ...limit,
  loop: { collection: '{{ fetch.results }}', element: 'items', mode: 'async', concurrency: 2 },
})
