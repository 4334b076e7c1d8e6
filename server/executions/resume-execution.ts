import { DomainError } from '@/domain/domain-error'
import { executionEvent } from '@/domain/execution/workflow-events'
import { appendEvents } from '../db/append-events'
import type { Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import type { JobPayload } from '../queue/jobs'
import { lockTree } from './lock-tree'
import { sendTickets, type Ticket } from './tickets'

/** The rest is found by the sweeper, a moment later. */
const MOST = 1_000

/** What was handed out and nobody holds. A wait that is not over still has its alarm. */
const HANDED_OUT = `
  SELECT i.execution_id AS "executionId", i.step, i.iteration_index AS index, i.epoch
  FROM noetl.step s
  JOIN noetl.iteration i USING (execution_id, step)
  WHERE s.execution_id = ANY ($1::bigint[]) AND s.status = 'RUNNING' AND i.status IN ('RUNNING', 'WAITING', 'PENDING')
    AND i.iteration_index < s.released AND i.lease_until IS NULL
    AND (i.next_attempt_at IS NULL OR i.next_attempt_at <= clock_timestamp())
  ORDER BY i.execution_id, i.step, i.iteration_index LIMIT ${MOST}`

/** Lets a paused execution, and what was paused with it, go on. Throws DomainError: `not_found`, `conflict` when it isn't paused. */
export async function resumeExecution(executionId: string): Promise<void> {
  await sendTickets(await withTransaction(async (client) => resume(client, executionId)))
}

async function resume(client: Queryable, executionId: string): Promise<Ticket[]> {
  const tree = await lockTree(client, executionId)
  const [root] = tree
  if (root.status !== 'PAUSED') {
    throw new DomainError('conflict', `Execution ${executionId} is not paused (${root.status.toLowerCase()}).`)
  }
  const paused = tree.filter(({ status }) => status === 'PAUSED').map((execution) => execution.executionId)
  await client.query(`UPDATE noetl.execution SET status = 'RUNNING' WHERE execution_id = ANY ($1::bigint[])`, [paused])
  const tickets: Ticket[] = []
  for (const id of paused) {
    const seq = await appendEvents(client, id, [executionEvent('playbook_resumed', 'RUNNING', { reason: 'resume' })])
    tickets.push({ name: 'orchestrate', payload: { executionId: id, seq } })
  }
  const { rows } = await client.query<JobPayload<'element'>>(HANDED_OUT, [paused])
  return [...tickets, ...rows.map((payload) => ({ name: 'element' as const, payload }))]
}
