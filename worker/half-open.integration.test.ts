import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { Verdict } from '@/bench/history/check-history'
import { type FaultTrial, prepareFaultTrials } from './testing/fault-trials'
import { startFreezableProxy } from './testing/freezable-proxy'

vi.setConfig({ testTimeout: 240_000 })

const LEASE_MS = 10_000
/** Each worker says who it is. The second is slow enough to be still asking for its first page when the other one thaws. */
const FIRST = { PAGETURNER_TEMPLATE_ENV: 'WHO, DELAY_MS', WHO: 'first', DELAY_MS: '100' }
const SECOND = { ...FIRST, WHO: 'second', DELAY_MS: '700' }

const begin = await prepareFaultTrials(
  `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: long, path: tests/long }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments"
    params: { step: fetch, element: "{{ n }}", pageSize: 1, total: 10, who: "{{ env.WHO }}", delay_ms: "{{ env.DELAY_MS }}" }
    loop: { collection: [0], element: n }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
`,
  { steps: { fetch: { elements: 1, pages: 10, items: 1 } } },
)

/**
 * Planted bug: the page's transaction forgets to compare the epoch. What the frozen worker had sent is then stored after
 * another took over: the page is that of the wrong request, which the second test sees.
 */
const WITHOUT_EPOCH = `
  DO $$ BEGIN
    EXECUTE replace(pg_get_functiondef('noetl.commit_pages'::regproc), 'AND i.epoch = c.epoch', '');
  END $$`

test.concurrent('a worker whose connection went half open writes nothing after another took over', async () => {
  const { frozen, late, secondWithinMs, askedAfterLease, verdict } = await goHalfOpen()
  expect(frozen).toBeGreaterThan(0)
  expect(late).toEqual([])
  expect(secondWithinMs).toBeLessThan(15_000)
  expect(askedAfterLease).toBe(0)
  expect(verdict).toMatchObject({ broken: [], pagesStored: 10, gaps: 0 })
})

test.concurrent('without the fence by epoch, that worker would store a page', async () => {
  const { late } = await goHalfOpen(WITHOUT_EPOCH)
  expect(late).not.toEqual([])
})

type HalfOpen = {
  /** Pages that were on record when the connection froze. */
  frozen: number
  /** Pages the frozen worker had fetched that came on record after another took over. */
  late: number[]
  /** From the end of the lease to the first page of the other worker. */
  secondWithinMs: number
  /** Requests of the frozen worker after its lease was over. */
  askedAfterLease: number
  verdict: Verdict
}

async function goHalfOpen(planted = 'SELECT'): Promise<HalfOpen> {
  const trial = await begin()
  const proxy = await startFreezableProxy(trial.url)
  try {
    await trial.db.query(planted)
    trial.worker({ ...FIRST, DATABASE_URL: proxy.url })
    await untilAsked(trial, 'first', 4)
    proxy.freeze()
    const frozenAt = Date.now()
    // What had come through before is on record by then.
    await sleep(1_000)
    const before = await pagesOf(trial)
    const leaseUntil = await leaseOf(trial)

    trial.worker(SECOND)
    await untilAsked(trial, 'second', 1)
    const askedBefore = timesAsked(trial, 'first')
    proxy.thaw()
    const verdict = await trial.verdict(1)
    await sleep(Math.max(0, frozenAt + LEASE_MS + 2_000 - Date.now()))

    const pages = await pagesOf(trial)
    const kept = new Set(before.map(({ page }) => page))
    const next = pages.find(({ who }) => who === 'second')
    return {
      frozen: before.length,
      late: pages.filter(({ page, who }) => who === 'first' && !kept.has(page)).map(({ page }) => page),
      secondWithinMs: (next?.savedAt.getTime() ?? Infinity) - leaseUntil,
      askedAfterLease: timesAsked(trial, 'first') - askedBefore,
      verdict,
    }
  } finally {
    await trial.close()
    await proxy.close()
  }
}

const timesAsked = ({ api }: FaultTrial, who: string): number =>
  api.requests().filter(({ url }) => url.includes(`who=${who}`)).length

async function untilAsked(trial: FaultTrial, who: string, times: number): Promise<void> {
  await vi.waitFor(() => expect(timesAsked(trial, who)).toBeGreaterThanOrEqual(times), { timeout: 60_000, interval: 5 })
}

type Page = { page: number; who: string; savedAt: Date }

async function pagesOf({ db, executionId }: FaultTrial): Promise<Page[]> {
  const { rows } = await db.query<Page>(
    `SELECT page, request -> 'params' ->> 'who' AS who, created_at AS "savedAt"
     FROM noetl.page WHERE execution_id = $1 ORDER BY page`,
    [executionId],
  )
  return rows
}

async function leaseOf({ db, executionId }: FaultTrial): Promise<number> {
  const { rows } = await db.query<{ until: Date }>(
    'SELECT max(lease_until) AS until FROM noetl.iteration WHERE execution_id = $1',
    [executionId],
  )
  return rows[0]?.until.getTime() ?? 0
}
