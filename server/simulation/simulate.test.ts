import { describe, expect, it } from 'vitest'
import { setVariables } from '@/server/env'
import { FLAWS, scenarioFor } from './flaws'
import { PAGE_FLAWS } from './page-flaws'
import { drawScenario, NO_FAULTS, playbookOf, type Scenario } from './scenario'
import { PLAIN, type Shape } from './shape'
import { simulate, simulateSeed } from './simulate'
import { tellSimulated } from './tell-simulated'

setVariables({ LOG_LEVEL: 'silent' })

/** As many as take no minute on a slow machine; `npm run simulate -- 0-100000` runs the rest. */
const SEEDS = 800
/** So many seeds are enough to meet each planted mistake. */
const SEEDS_FOR_A_FLAW = 1_000

describe('the engine in made-up surroundings', () => {
  it(`keeps its promises in ${SEEDS} runs`, { timeout: 300_000 }, async () => {
    const met = new Map<string, number>()
    for (let seed = 0; seed < SEEDS; seed++) {
      const simulated = await simulateSeed(seed)
      if (simulated.violations.length > 0) expect.fail(tellSimulated(simulated))
      for (const [what, times] of simulated.meetings) met.set(what, (met.get(what) ?? 0) + times)
    }
    // A simulation in which nothing happens proves nothing.
    for (const [what, times] of Object.entries(LEAST)) expect.soft(met.get(what) ?? 0, what).toBeGreaterThan(times)
  })

  it('gives the same run for the same seed', async () => {
    const [first, second] = [await simulateSeed(7), await simulateSeed(7)]
    expect(second.meetings).toEqual(first.meetings)
    expect(second.endedAt).toBe(first.endedAt)
  })
})

const LEAST = {
  requests: 6_000,
  kills: 800,
  freezes: 400,
  'taken over': 600,
  'elements handed over': 400,
  'fenced commits': 20,
  'broken calls': 400,
  'retries of the run': 150,
  'crash loops': 30,
  cancelled: 8,
  'steps after a step': 60,
  'slots refused': 2,
  'claimed while a gap is filled': 5,
  'claimed in the middle of a proof': 20,
  'ends with pages skipped': 8,
  'ends with a page_error': 15,
  'ends with max_pages': 120,
}

/** What is in flight at the most when a worker dies: of two elements the pages that are saved and those ahead. */
const WAYS: { shape: Shape; pages: number; again: number; broken?: string }[] = [
  { shape: PLAIN, pages: 5, again: 2 * 2 },
  { shape: { ...PLAIN, pagination: 'next_call' }, pages: 5, again: 2 * 2 },
  // A first guess is refused; it may be tried once more.
  { shape: { ...PLAIN, pagination: 'auto by token' }, pages: 5 + 2, again: 2 * 2 + 2 },
  { shape: { ...PLAIN, pagination: 'auto by link' }, pages: 5, again: 2 * 2 },
  { shape: { ...PLAIN, pagination: 'pages at once' }, pages: 5, again: 2 * 4 },
  // Tried three times, and left out.
  { shape: { ...PLAIN, onPageError: 'skip' }, pages: 5 + 2, again: 2 * 2, broken: 'a/2' },
  // Three items of two pages may come one by one.
  { shape: { ...PLAIN, pagination: 'offsets at once', isCapped: true }, pages: 10, again: 2 * 4 },
]

describe('a worker that dies', () => {
  const quietly = (shape: Shape, broken: string[]): Scenario => ({
    ...drawScenario(1),
    shape,
    playbook: playbookOf({ shape, names: ['a', 'b'], mode: 'async', concurrency: 2 }),
    elements: new Map([
      ['a', 3],
      ['b', 2],
    ]),
    faults: NO_FAULTS,
    incidents: [],
    broken: new Set(broken),
    poison: null,
    calmAt: 3_000,
    workers: 2,
  })

  it.each(WAYS.flatMap((way) => (['before', 'after'] as const).map((when) => ({ ...way, when }))))(
    'at any await, $when its call was done, costs nothing ($shape.pagination, $shape.onPageError)',
    { timeout: 30_000 },
    async ({ shape, pages, again, broken, when }) => {
      const quiet = quietly(shape, broken === undefined ? [] : [broken])
      const { calls, violations } = await simulate(quiet)
      expect(violations).toEqual([])
      expect(calls).toBeGreaterThan(20)
      for (let call = 1; call <= calls; call++) {
        const simulated = await simulate({ ...quiet, killAt: { call, when } }, { traced: true })
        if (simulated.violations.length > 0) expect.fail(`call ${call}: ${tellSimulated(simulated)}`)
        expect(simulated.meetings.get('requests')).toBeLessThanOrEqual(pages + again)
      }
    },
  )
})

describe('an element that kills each worker that reads it', () => {
  // Without the turn-taking of elements under suspicion, 24 of the others are given up with it.
  it('is named, and hardly ever one that was beside it', { timeout: 60_000 }, async () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const met = new Map<string, number>()
    for (let seed = 0; seed < 200; seed++) {
      const { violations, meetings } = await simulate({
        ...drawScenario(seed),
        shape: PLAIN,
        playbook: playbookOf({ shape: PLAIN, names, mode: 'async', concurrency: 3, onFailure: 'continue' }),
        elements: new Map(names.map((name) => [name, 2])),
        faults: NO_FAULTS,
        incidents: [],
        broken: new Set(),
        poison: 'c',
        slots: 3,
      })
      expect(violations).toEqual([])
      for (const [what, times] of meetings) met.set(what, (met.get(what) ?? 0) + times)
    }
    expect(met.get('crash loops')).toBe(200)
    // One that dies between a claim and its being given back, three times over.
    expect(met.get('crash loops of bystanders') ?? 0).toBeLessThan(4)
  })
})

describe('a planted mistake is caught', () => {
  it.each([...FLAWS, ...PAGE_FLAWS])('$breaks: $mistake', { timeout: 120_000 }, async (flaw) => {
    for (let seed = 0; seed < SEEDS_FOR_A_FLAW; seed++) {
      const { violations } = await simulate(scenarioFor(flaw, drawScenario(seed)), { plant: flaw.plant })
      if (violations.some(({ property }) => property === flaw.breaks)) return
    }
    expect.fail(`no run of ${SEEDS_FOR_A_FLAW} met it`)
  })
})
