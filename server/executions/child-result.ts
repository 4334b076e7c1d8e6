import { digitsAsText } from '@/domain/json-precise'
import type { Queryable } from '../db/pool'
import { loadRun } from './load-run'
import { readStepResult } from './read-step-result'

/** Of JSON text: what a parent keeps of its child's results. They stay readable in the child itself. */
const MAX_CHARACTERS = 1024 * 1024

type StepRow = { step: string; bytes: string }
type Stats = { elements: number; failed: number; pages: number; items: number; retries: number }

export type ChildResult = {
  execution_id: string
  status: string
  stats: Stats
  /** As templates of the child see its steps; `results_omitted` where the results are too large, stats are always there. */
  steps: Record<string, Record<string, unknown>>
}

/** What a finished execution amounts to, for the step that ran it. */
export async function readChildResult(client: Queryable, executionId: string): Promise<ChildResult> {
  const run = await loadRun(client, executionId)
  const { rows } = await client.query<{ status: string; stats: Stats }>(
    `SELECT status, jsonb_build_object('elements', elements, 'failed', failed, 'pages', pages, 'items', items, 'retries', retries) AS stats
     FROM noetl.execution WHERE execution_id = $1`,
    [executionId],
  )
  const child = rows[0]
  if (run === null || child === undefined) throw new Error(`Execution ${executionId} is gone.`)
  const steps: ChildResult['steps'] = {}
  let left = MAX_CHARACTERS
  for (const { step, bytes } of await readSteps(client, executionId)) {
    const fits = Number(bytes) <= left
    const result = await readStepResult(client, run, { step, values: fits })
    const text = JSON.stringify(result, digitsAsText)
    if (fits && text.length <= left) {
      steps[step] = { ...result }
      left -= text.length
    } else {
      steps[step] = { ...(await readStepResult(client, run, { step, values: false })), results_omitted: true }
    }
  }
  return { execution_id: executionId, status: child.status, stats: child.stats, steps }
}

/** Steps that did something, with the size of their pages. */
async function readSteps(client: Queryable, executionId: string): Promise<StepRow[]> {
  const { rows } = await client.query<StepRow>(
    `SELECT s.step, (SELECT coalesce(sum(bytes), 0) FROM noetl.page p
       WHERE p.execution_id = s.execution_id AND p.step = s.step) AS bytes
     FROM noetl.step s WHERE s.execution_id = $1 AND s.tool IS NOT NULL AND s.status IN ('COMPLETED', 'FAILED')
     ORDER BY s.started_at, s.step`,
    [executionId],
  )
  return rows
}
