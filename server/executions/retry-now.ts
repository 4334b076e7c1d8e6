import { DomainError } from '@/domain/domain-error'
import type { RetryNow } from '@/domain/api/control'
import { executionEvent } from '@/domain/execution/workflow-events'
import { appendEvents } from '../db/append-events'
import type { Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import type { JobPayload } from '../queue/jobs'
import { lockTree } from './lock-tree'
import { refuseMissingElement } from './refuse-missing-element'
import { AT_ONCE_MARK } from './reopened'
import { sendTickets, type Ticket } from './tickets'

/**
 * Only what nobody holds, and what waits for an alarm of its own: a parent waits for its child. The epoch is raised so
 * that the ticket is a new one, and not the alarm that is set already; that one finds nothing due when it rings, or an
 * element that is held. The mark tells the next claim to go on at once; a slot of a rate limit it still waits for.
 */
const WAKE = `
  WITH waiting AS MATERIALIZED (
    SELECT i.execution_id, i.step, i.iteration_index
    FROM noetl.iteration i JOIN noetl.step s USING (execution_id, step)
    WHERE i.execution_id = ANY ($1::bigint[]) AND i.status = 'WAITING' AND i.lease_until IS NULL
      AND i.next_attempt_at > clock_timestamp() AND s.tool IN ('http', 'postgres')
      AND ($2::text IS NULL OR i.step = $2) AND ($3::int IS NULL OR i.iteration_index = $3)
    ORDER BY i.execution_id, i.step, i.iteration_index FOR NO KEY UPDATE OF i
  )
  UPDATE noetl.iteration i SET next_attempt_at = clock_timestamp(), epoch = i.epoch + 1,
    checkpoint = coalesce(i.checkpoint, '{}') || $4::jsonb
  FROM waiting w
  WHERE i.execution_id = w.execution_id AND i.step = w.step AND i.iteration_index = w.iteration_index
  RETURNING i.execution_id AS "executionId", i.step, i.iteration_index AS index, i.epoch`

/**
 * Lets what waits between two tries go on at once: one element, or all of an execution and of what runs for it. Gives back
 * how many those were. Throws DomainError: `not_found`, `conflict` when it doesn't run or the element named doesn't wait.
 */
export async function retryNow(executionId: string, request: RetryNow): Promise<number> {
  const woken = await withTransaction(async (client) => wake(client, executionId, request))
  await sendTickets(woken)
  return woken.length
}

async function wake(client: Queryable, executionId: string, { step, index }: RetryNow): Promise<Ticket[]> {
  const tree = await lockTree(client, executionId)
  const [root] = tree
  if (root.status !== 'RUNNING') throw notRunning(executionId, root.status)
  const isOne = index !== undefined || step !== undefined
  const running = (isOne ? [root] : tree).filter(({ status }) => status === 'RUNNING')
  const ids = running.map((execution) => execution.executionId)
  const values = [ids, step ?? null, index ?? null, AT_ONCE_MARK]
  const { rows } = await client.query<JobPayload<'element'>>(WAKE, values)
  if (rows.length === 0 && index !== undefined) {
    await refuseMissingElement(client, executionId, { step, index })
    throw notWaiting(executionId, index)
  }
  for (const id of new Set(rows.map((row) => row.executionId))) {
    const woken = rows.filter((row) => row.executionId === id)
    const only = woken.length === 1 ? { step: woken[0]?.step, index: woken[0]?.index } : {}
    const context = { reason: 'retry_now', elements: woken.length, ...only }
    await appendEvents(client, id, [executionEvent('playbook_resumed', 'RUNNING', context)])
  }
  return rows.map((payload) => ({ name: 'element', payload }))
}

const notRunning = (executionId: string, status: string): DomainError =>
  new DomainError('conflict', `Execution ${executionId} does not run (${status.toLowerCase()}): nothing of it waits.`, {
    hint: status === 'PAUSED' ? 'Resume it first.' : 'Retry what failed in it.',
  })

const notWaiting = (executionId: string, index: number): DomainError =>
  new DomainError('conflict', `Element ${index} of execution ${executionId} does not wait to be tried again.`, {
    hint: 'It may have gone on by itself a moment ago.',
  })
