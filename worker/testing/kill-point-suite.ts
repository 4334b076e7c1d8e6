import { afterAll, expect, test } from 'vitest'
import { CHILD_STARTED_TWICE, PLANTED_BUG } from '@/bench/chaos/planted-bug'
import type { Verdict } from '@/bench/history/check-history'
import { FAULT_LABELS, type FaultLabel } from '@/server/fault-point'
import { type FaultOutcome, type FaultTrial, prepareFaultTrials } from './fault-trials'

/** What must be true when a worker dies at a point of a page's way, on either queue. Call it at the top of a test file. */
export async function killPointSuite(queue: 'postgresql' | 'redis'): Promise<void> {
  const begin = await prepareFaultTrials(WHOLE_WAY, OUTCOME, queue)
  /** All begin before the tests, which only wait for theirs: most of a trial is the wait for a lease. */
  const inTurn = takeTurns(AT_ONCE)
  const kills = queue === 'postgresql' ? KILLS : KILLS.filter((fault) => TICKETS.has(fault))
  const trials = new Map(kills.map((fault) => [fault, inTurn(async () => killAt(begin, fault))]))
  const planted = (queue === 'postgresql' ? PLANTED : []).map((plant) => ({
    ...plant,
    trial: inTurn(async () => killAt(begin, plant.fault, plant.bug)),
  }))

  // Tests that are left out begin their trials as well, which must not outlive what they are copies of.
  afterAll(async () => Promise.allSettled([...trials.values(), ...planted.map(({ trial }) => trial)]))

  test.each(kills)(
    'a run stays whole when its worker is killed at %s and another takes over',
    { timeout: 300_000 },
    async (fault) => {
      const { signal, verdict } = (await trials.get(fault)) ?? {}
      expect(signal).toBe('SIGKILL')
      expect(verdict).toMatchObject({ broken: [], pagesExpected: 17, pagesStored: 17, gaps: 0 })
      // Two elements at a time, of each a page that commits and one that is asked for.
      expect(verdict?.requestedTwice).toBeLessThanOrEqual(4)
    },
  )

  /** Planted bugs: see planted-bug.ts. The worker that takes over goes on a page too far, or starts a child once more. */
  test.each(planted)(
    'the check sees what a planted bug makes of a kill at $fault: $found',
    { timeout: 300_000 },
    async ({ trial, found }) => {
      const { signal, verdict } = await trial
      expect(signal).toBe('SIGKILL')
      expect(verdict.broken.join()).toContain(found)
    },
  )
}

/** Pages that fail once and wait longer than a slot is held for, an element handed over, a sink of a loop, sinks of elements, another playbook. */
const WHOLE_WAY = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: whole_way, path: tests/whole_way }
workflow:
  - step: start
    tool: postgres
    statement: CREATE SCHEMA kept; CREATE TABLE kept.rows (name text)
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/flaky"
    params: { step: fetch, element: "{{ n }}", key: "{{ n }}", fail_on: "2", pageSize: 2, total: 6, delay_ms: 100 }
    loop: { collection: [0, 1, 2], element: n, mode: async, concurrency: 2 }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
    retry: { on_error: { max_attempts: 5, initial_delay: 1.3, backoff_multiplier: 1 } }
    sink: { tool: postgres, statement: "INSERT INTO kept.rows VALUES ('the whole loop')" }
    next: [{ step: keep }]
  - step: keep
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments"
    params: { step: keep, element: "{{ n }}", pageSize: 2, total: 4, delay_ms: 100 }
    loop: { collection: [0, 1], element: n, mode: async, concurrency: 2 }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
    sink: { tool: postgres, per: iteration, statement: "INSERT INTO kept.rows VALUES ({{ 'element ' ~ n }})" }
    next: [{ step: quick }]
  - step: quick
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments"
    params: { step: quick, element: "{{ n }}", pageSize: 2, total: 2 }
    loop: { collection: [0, 1, 2, 3], element: n }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
    next: [{ step: nested }]
  - step: nested
    tool: playbook
    path: tests/nested
`

const NESTED = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: nested, path: tests/nested }
workflow:
  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments"
    params: { step: start, element: 0, pageSize: 2, total: 4, delay_ms: 100 }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
`

const OUTCOME: FaultOutcome = {
  steps: {
    fetch: { elements: 3, pages: 3, items: 2 },
    keep: { elements: 2, pages: 2, items: 2 },
    quick: { elements: 4, pages: 1, items: 2 },
  },
  sinkRows: 3,
  child: { content: NESTED, step: 'nested', steps: { start: { elements: 1, pages: 2, items: 2 } } },
}

/** Label, passing, milliseconds after it: every place of a page's way; a worker that sweeps is frozen by a test of its own. */
const KILLS: readonly `${FaultLabel}${'' | `#${number}` | `+${number}`}`[] = [
  ...FAULT_LABELS.filter((label) => label !== 'sweeping'),
  'moved#3',
  'asking+50',
  'before-commit+1',
]
/** Where tickets are taken, sent, handed on or given back: of all others the queue knows nothing, and one of both proves them. */
const TICKETS: ReadonlySet<(typeof KILLS)[number]> = new Set([
  'before-move',
  'moved',
  'moved#3',
  'tickets-sent',
  'claimed',
  'committed',
  'parked',
  'alarm-set',
  'released',
  'settled',
  'handed-over',
  'child-started',
])
/** `answered#4`: where the next page's answer is there and the one before is saved. */
const PLANTED = [
  { fault: 'answered#4', bug: PLANTED_BUG, found: 'is missing' },
  { fault: 'child-started', bug: CHILD_STARTED_TWICE, found: 'nested/0 started 2 children' },
] as const
/** Trials that go on at a time: what two cores and the connections of one server are enough for. */
const AT_ONCE = 6

/** Gives work to one of so many turns, each of which does its work one after the other. */
function takeTurns(count: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const turns: Promise<unknown>[] = Array.from({ length: count }, async () => undefined)
  let given = 0
  return async (work) => {
    const turn = given++ % count
    const done = (turns[turn] ?? Promise.resolve()).then(work)
    turns[turn] = done.catch(() => undefined)
    return done
  }
}

type Killed = { signal: string | null; verdict: Verdict }

async function killAt(begin: () => Promise<FaultTrial>, fault: string, bug?: string): Promise<Killed> {
  const trial = await begin()
  try {
    if (bug !== undefined) await trial.db.query(bug)
    const first = trial.worker({ FAULT: `kill@${fault}` })
    if (fault === 'released') await drainAtFirstRequest(trial, first)
    await Promise.race([first.exited, trial.ended()])
    first.signal('SIGTERM')
    const { signal } = await first.exited
    await trial.shortenLeases()
    trial.worker()
    return { signal, verdict: await trial.verdict(1) }
  } finally {
    await trial.close()
  }
}

/** Only a worker that is asked to stop gives a claim back. */
async function drainAtFirstRequest({ api }: FaultTrial, worker: ReturnType<FaultTrial['worker']>): Promise<void> {
  while (api.requests().length === 0 && !worker.hasExited()) await new Promise((resolve) => setTimeout(resolve, 20))
  worker.signal('SIGTERM')
}
