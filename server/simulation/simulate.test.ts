import { describe, expect, it } from 'vitest'
import { setVariables } from '@/server/env'
import { FLAWS, scenarioFor } from './flaws'
import { drawScenario, NO_FAULTS, playbookOf, type Scenario } from './scenario'
import { simulate, simulateSeed } from './simulate'
import { tellSimulated } from './tell-simulated'

setVariables({ LOG_LEVEL: 'silent' })

const SEEDS = 2_000
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
  requests: 15_000,
  kills: 2_000,
  freezes: 1_000,
  'taken over': 1_500,
  'elements handed over': 1_000,
  'fenced commits': 60,
  'broken calls': 1_000,
  'retries of the run': 400,
  'crash loops': 100,
  cancelled: 20,
}

describe('a worker that dies', () => {
  const quiet: Scenario = {
    ...drawScenario(1),
    pagination: 'page',
    playbook: playbookOf({ pagination: 'page', names: ['a', 'b'], mode: 'async', concurrency: 2 }),
    elements: new Map([
      ['a', 3],
      ['b', 2],
    ]),
    faults: NO_FAULTS,
    incidents: [],
    broken: new Set(),
    poison: null,
    calmAt: 3_000,
    workers: 2,
  }

  it.each(['before', 'after'] as const)(
    'at any await, %s its call was done, costs nothing',
    { timeout: 30_000 },
    async (when) => {
      const { calls, violations } = await simulate(quiet)
      expect(violations).toEqual([])
      expect(calls).toBeGreaterThan(20)
      for (let call = 1; call <= calls; call++) {
        const simulated = await simulate({ ...quiet, killAt: { call, when } }, { traced: true })
        if (simulated.violations.length > 0) expect.fail(`call ${call}: ${tellSimulated(simulated)}`)
        // Asked for again is at most what the dead worker had in flight: of two elements a page that is saved and one ahead.
        expect(simulated.meetings.get('requests')).toBeLessThanOrEqual(5 + 2 * 2)
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
        pagination: 'page',
        playbook: playbookOf({ pagination: 'page', names, mode: 'async', concurrency: 3, onFailure: 'continue' }),
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
  it.each(FLAWS)('$breaks: $mistake', { timeout: 120_000 }, async (flaw) => {
    for (let seed = 0; seed < SEEDS_FOR_A_FLAW; seed++) {
      const { violations } = await simulate(scenarioFor(flaw, drawScenario(seed)), { plant: flaw.plant })
      if (violations.some(({ property }) => property === flaw.breaks)) return
    }
    expect.fail(`no run of ${SEEDS_FOR_A_FLAW} met it`)
  })
})
