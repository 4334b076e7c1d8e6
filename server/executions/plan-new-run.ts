import type { RetryAnew } from '@/domain/api/control'
import { executionStatusSchema } from '@/domain/api/fields'
import { DomainError } from '@/domain/domain-error'
import { isSettled } from '@/domain/execution/view'
import type { JsonObject } from '@/domain/json'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import { pool } from '../db/pool'
import { contentHash, unreadable, workloadOf } from './load-run'
import { onlyElementsSchema, type OnlyElements } from './only-elements'
import { noSuchExecution } from './read-events'
import { stepOfIndex } from './reopen-iterations'
import { nothingFailed } from './retry-execution'
import { findSource, type Source } from './start-execution'

type RanRow = {
  path: string
  status: string
  version: number | null
  content: string
  workload: string
  overrides: string[] | null
  only: unknown
  scheduleId: string | null
}

/**
 * What a retry as an execution of its own would run. `given`: inputs that are not the playbook's own; `scheduleId`: the
 * schedule that the first of the retried runs is of.
 */
export type NewRun = { source: Source; given: JsonObject; only: OnlyElements | null; scheduleId: string | null }

/**
 * The text, inputs and elements of an execution that retries another one. Throws DomainError: `not_found`, `conflict` when
 * there is nothing to retry or the elements are of a step that the newest version has not.
 */
export async function planNewRun(executionId: string, request: RetryAnew): Promise<NewRun> {
  const ran = await readRan(executionId)
  const source = request.version === 'newest' ? await findNewest(ran) : sourceOf(executionId, ran)
  const inputs = request.scope === 'all' ? request.workload : undefined
  const workload = workloadOf(ran.workload)
  const given = inputs ?? Object.fromEntries((ran.overrides ?? []).map((key) => [key, workload[key] ?? null]))
  const { scheduleId } = ran
  const before = onlyElementsSchema.nullable().parse(ran.only)
  const only = request.scope === 'all' ? before : await failedElements(executionId, request, { ran, source, before })
  return { source, given, only, scheduleId }
}

async function readRan(executionId: string): Promise<RanRow> {
  const { rows } = await pool().query<RanRow>(
    `SELECT e.path, e.status, e.version, c.content, e.workload::text, e.overrides, e.only_elements AS only,
       e.trigger ->> 'schedule_id' AS "scheduleId"
     FROM noetl.execution e JOIN noetl.playbook_content c ON c.hash = e.content_hash
     WHERE e.execution_id = $1 AND e.removed_at IS NULL`,
    [executionId],
  )
  const ran = rows[0]
  if (ran === undefined) throw noSuchExecution(executionId)
  return ran
}

function sourceOf(executionId: string, { content, version }: RanRow): Source {
  const { playbook } = parsePlaybook(content)
  if (playbook !== null) return { content, hash: contentHash(content), version, playbook }
  throw unreadable(executionId)
}

async function findNewest({ path }: RanRow): Promise<Source> {
  try {
    return await findSource({ path, trigger: {} })
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'not_found') throw error
    throw new DomainError('conflict', `No version of "${path}" is saved, so there is no newest one.`, {
      hint: 'Save the playbook, or retry with the text that ran.',
      cause: error,
    })
  }
}

const FAILED = `
  SELECT i.step, array_agg(i.iteration_index ORDER BY i.iteration_index) AS indexes
  FROM noetl.iteration i JOIN noetl.step s USING (execution_id, step)
  WHERE i.execution_id = $1 AND i.iteration_index >= 0 AND ($2::text IS NULL OR i.step = $2 AND i.iteration_index = $3)
    AND (i.status IN ('FAILED', 'CANCELLED') OR i.status = 'SKIPPED' AND i.epoch = 0 AND i.iteration_index >= s.released)
  GROUP BY i.step ORDER BY i.step`

/** The elements of loops that did not end well. What is no loop runs as a whole, so it needs no mention. */
async function failedElements(
  executionId: string,
  request: Exclude<RetryAnew, { scope: 'all' }>,
  { ran, source, before }: { ran: RanRow; source: Source; before: OnlyElements | null },
): Promise<OnlyElements> {
  if (!isSettled(executionStatusSchema.parse(ran.status))) {
    throw new DomainError('conflict', `Execution ${executionId} has not ended yet (${ran.status.toLowerCase()}).`, {
      hint: 'Retry its elements when it has ended, or cancel it first.',
    })
  }
  const [step, index] =
    request.scope === 'failed' ? [null, null] : [await stepOfIndex(pool(), executionId, request), request.index]
  const { rows } = await pool().query<{ step: string; indexes: number[] }>(FAILED, [executionId, step, index])
  if (rows.length === 0) throw await nothingFailed(pool(), executionId, request)
  const known = new Map(source.playbook.workflow.map((each) => [each.step, each]))
  for (const failed of rows) if (!known.has(failed.step)) throw stepIsGone(failed.step, source)
  const loops = rows.filter((failed) => known.get(failed.step)?.loop !== null)
  const steps = Object.fromEntries(loops.map((failed) => [failed.step, failed.indexes]))
  return { from: executionId, steps, ...(before !== null && { before }) }
}

const stepIsGone = (step: string, { version }: Source): DomainError =>
  new DomainError('conflict', `Step "${step}" has failed elements, but version ${version} has no such step any more.`, {
    hint: 'Retry with the text that ran, or run the newest version as a whole.',
  })
