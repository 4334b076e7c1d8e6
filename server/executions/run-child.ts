import { z } from 'zod'
import { executionStatusSchema } from '@/domain/api/fields'
import { DomainError } from '@/domain/domain-error'
import { errorFactsSchema, type ErrorFacts } from '@/domain/execution/events'
import { isSettled, type ExecutionStatus } from '@/domain/execution/view'
import type { JsonObject } from '@/domain/json'
import { isPlaybookPath } from '@/domain/playbook/schema'
import type { PlaybookStep } from '@/domain/playbook/playbook'
import { budgetAtOnce } from '@/domain/playbook/template/budget'
import { renderDeep } from '@/domain/playbook/template/evaluate-template'
import { secretNames } from '@/domain/playbook/template/secret-text'
import { parkIteration } from '../db/park-iteration'
import { pool, type Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { faultPoint } from '../fault-point'
import { enqueue } from '../queue/enqueue'
import { done, failedWith, type ActionEnd } from './action-end'
import { ClaimLost } from './claim-lost'
import { readChildResult } from './child-result'
import type { ElementWork } from './element-work'
import { reopenExecution } from './retry-execution'
import { keepResult } from './run-query'
import { untilWritten } from './until-written'
import { findSource, insertExecution, type StartExecution } from './start-execution'
import { sendTickets } from './tickets'

/** Executions inside one another, the first not counted: a playbook that runs itself ends here. */
const MAX_DEPTH = 8

type Work = ElementWork<PlaybookStep>
type Child = { path: string; status: ExecutionStatus; error: ErrorFacts | null }

/**
 * Starts the child execution of an iteration, and waits for it without holding a slot: the child's end wakes the
 * iteration. Its stats and results become the result; its failure fails the iteration. Throws DomainError, TemplateError.
 */
export async function runChild(work: Work): Promise<ActionEnd> {
  const { child: childId, reopen } = checkpointSchema.parse(work.claim.checkpoint) ?? {}
  if (childId === undefined) return startChild(work)
  const child = await readChild(pool(), childId)
  if (child === null) return failedWith({ kind: 'not_found', message: `The child execution ${childId} was deleted.` })
  if (!isSettled(child.status)) return park(work, childId)
  if (child.status !== 'COMPLETED') {
    return reopen === true ? retryChild(work, childId) : failedWith(failureOf(childId, child))
  }
  await keepResult(work, await readChildResult(pool(), childId), { beside: { child: childId } })
  return done()
}

/** What `parkIteration`, `keepResult` and a retry wrote. */
const checkpointSchema = z.object({ child: z.string().optional(), reopen: z.boolean().optional() }).nullable()

async function startChild(work: Work): Promise<ActionEnd> {
  const request = await requestOf(work)
  const source = await findSource(request)
  // What the page writer still holds of this claim must not come after the iteration was parked.
  await untilWritten(work)
  const childId = await withTransaction(async (client) => {
    await holdParent(client, work)
    const { executionId } = await insertExecution(client, request, source)
    if (!(await parkIteration(client, { ...work.key, epoch: work.claim.epoch }, { child: executionId }))) {
      throw new ClaimLost()
    }
    return executionId
  })
  faultPoint('child-started')
  await enqueue('orchestrate', { executionId: childId, seq: 0 })
  return { end: 'parked' }
}

/** A retried parent retries its child: the pages of the child are kept as well. */
async function retryChild(work: Work, childId: string): Promise<ActionEnd> {
  await untilWritten(work)
  const tickets = await withTransaction(async (client) => {
    await holdParent(client, work)
    const reopened = await reopenExecution(client, childId, { scope: 'failed' })
    if (!(await parkIteration(client, { ...work.key, epoch: work.claim.epoch }, { child: childId })))
      throw new ClaimLost()
    return reopened
  })
  await sendTickets(tickets)
  return { end: 'parked' }
}

/**
 * No child begins for a parent that is paused or cancelled: who does that holds the same row, and looks for children once
 * it has it. Throws ClaimLost, which gives the iteration back.
 */
async function holdParent(client: Queryable, { key }: Work): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM noetl.execution WHERE execution_id = $1 AND status = 'RUNNING' FOR NO KEY UPDATE`,
    [key.executionId],
  )
  if (rowCount === 0) throw new ClaimLost()
}

async function park(work: Work, childId: string): Promise<ActionEnd> {
  const parked = await parkIteration(pool(), { ...work.key, epoch: work.claim.epoch }, { child: childId })
  return parked ? { end: 'parked' } : { end: 'interrupted' }
}

async function requestOf({ step, scope, key }: Work): Promise<StartExecution> {
  const budget = budgetAtOnce()
  const path = renderDeep(step.path, scope, budget)
  if (typeof path !== 'string' || !isPlaybookPath(path)) {
    throw new DomainError('invalid_playbook', `${JSON.stringify(path)} is not the path of a playbook.`)
  }
  const workload = renderDeep(step.workload, scope, budget)
  if (secretNames(workload).length > 0) {
    throw new DomainError(
      'invalid_playbook',
      'A secret can not be passed to another playbook: its workload is stored.',
      {
        hint: 'Let the other playbook name the secret itself.',
      },
    )
  }
  const depth = (await depthOf(pool(), key.executionId)) + 1
  if (depth > MAX_DEPTH) {
    throw new DomainError('invalid_playbook', `${path} would run ${depth} playbooks deep; at most ${MAX_DEPTH} may.`, {
      hint: 'Does a playbook run itself, by way of another one?',
    })
  }
  const trigger = { type: 'playbook', execution_id: key.executionId, step: key.step, index: key.index }
  return { path, workload: z.custom<JsonObject>().parse(workload), trigger, parent: { ...key, depth } }
}

async function depthOf(client: Queryable, executionId: string): Promise<number> {
  const { rows } = await client.query<{ depth: number }>('SELECT depth FROM noetl.execution WHERE execution_id = $1', [
    executionId,
  ])
  return rows[0]?.depth ?? 0
}

async function readChild(client: Queryable, executionId: string): Promise<Child | null> {
  const { rows } = await client.query<{ path: string; status: string; error: unknown }>(
    'SELECT path, status, error FROM noetl.execution WHERE execution_id = $1',
    [executionId],
  )
  const row = rows[0]
  return row === undefined
    ? null
    : {
        path: row.path,
        status: executionStatusSchema.parse(row.status),
        error: errorFactsSchema.nullable().parse(row.error),
      }
}

function failureOf(executionId: string, { path, status, error }: Child): ErrorFacts {
  const what = `Playbook ${path} (execution ${executionId})`
  if (error === null) return { kind: 'child_failed', message: `${what} was ${status.toLowerCase()}.` }
  return { ...error, message: `${what} failed: ${error.message}` }
}
