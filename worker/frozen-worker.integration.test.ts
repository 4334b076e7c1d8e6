import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import type { Verdict } from '@/bench/history/check-history'
import type { FaultLabel } from '@/server/fault-point'
import { type FaultTrial, prepareFaultTrials } from './testing/fault-trials'

const run = promisify(execFile)

const begin = await prepareFaultTrials(
  `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: pair, path: tests/pair }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments"
    params: { step: fetch, element: "{{ n }}", pageSize: 1, total: 8, delay_ms: "{{ 100 if n == 0 else 900 }}" }
    loop: { collection: [0, 1], element: n, mode: async, concurrency: 2 }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
`,
  { steps: { fetch: { elements: 2, pages: 8, items: 1 } } },
)

/** Planted bug: an iteration ends for whoever says so, whatever has become of his claim. It then ends twice. */
const WITHOUT_CLAIM = `
  DO $$ BEGIN
    EXECUTE regexp_replace(pg_get_functiondef('noetl.settle_iteration'::regproc),
      'AND i.status IN .*i.claim_hash = encode[^;]*;', ';');
  END $$`

test.concurrent.each<FaultLabel>(['before-commit', 'before-settle'])(
  'a worker that froze at %s and thaws after another went on changes nothing',
  { timeout: 240_000 },
  async (label) => {
    expect(await freezeAt(label)).toMatchObject({ broken: [], pagesStored: 16, gaps: 0 })
  },
)

test.concurrent('without the fence at the settlement, an element would end twice', { timeout: 240_000 }, async () => {
  const { broken } = await freezeAt('before-settle', WITHOUT_CLAIM)
  expect(broken).toContain('execution 1: iteration_completed fetch/0 was told 2 times')
})

test.concurrent.each<FaultLabel>(['before-move', 'sweeping'])(
  'a worker that froze at %s, holding locks, holds nobody up for long',
  { timeout: 240_000 },
  async (label) => {
    const trial = await begin()
    try {
      // Nothing but a sweep finds this run.
      if (label === 'sweeping') await trial.db.query('DELETE FROM bullmq.job')
      const frozen = trial.worker({ FAULT: `stop@${label}` })
      await untilFrozen(frozen.pid)
      trial.worker()
      expect(await trial.verdict(1)).toMatchObject({ broken: [], pagesStored: 16, gaps: 0 })
    } finally {
      await trial.close()
    }
  },
)

/** Lets a worker freeze, another take its elements over, and the first one go on while the second is still at work. */
async function freezeAt(label: FaultLabel, planted = 'SELECT'): Promise<Verdict> {
  const trial = await begin()
  try {
    await trial.db.query(planted)
    const frozen = trial.worker({ FAULT: `stop@${label}` })
    await untilFrozen(frozen.pid)
    await trial.shortenLeases()
    trial.worker()
    await untilElementEnded(trial)
    frozen.signal('SIGCONT')
    return await trial.verdict(1)
  } finally {
    await trial.close()
  }
}

async function untilFrozen(pid: number): Promise<void> {
  const isFrozen = async (): Promise<void> =>
    expect((await run('ps', ['-o', 'state=', '-p', String(pid)])).stdout).toMatch(/^T/)
  await vi.waitFor(isFrozen, { timeout: 60_000, interval: 50 })
}

/** The first element is the quick one. */
async function untilElementEnded({ db }: FaultTrial): Promise<void> {
  const hasEnded = async (): Promise<void> => {
    const { rowCount } = await db.query(
      `SELECT FROM noetl.iteration WHERE iteration_index = 0 AND status = 'COMPLETED'`,
    )
    expect(rowCount).toBe(1)
  }
  await vi.waitFor(hasEnded, { timeout: 60_000, interval: 20 })
}
