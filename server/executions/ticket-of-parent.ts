import type { Queryable } from '../db/pool'
import type { JobPayload } from '../queue/jobs'
import type { Ticket } from './tickets'

/** The ticket of the iteration that waits for this execution, if one does; the end of the execution has made it due. */
export async function ticketOfParent(client: Queryable, executionId: string): Promise<Ticket[]> {
  const { rows } = await client.query<JobPayload<'element'>>({
    name: 'find-waiting-parent',
    text: `SELECT i.execution_id AS "executionId", i.step, i.iteration_index AS index, i.epoch
           FROM noetl.execution e
           JOIN noetl.iteration i ON i.execution_id = e.parent_execution_id AND i.step = e.parent_step
             AND i.iteration_index = e.parent_iteration_index AND i.status = 'WAITING'
           WHERE e.execution_id = $1`,
    values: [executionId],
  })
  return rows.map((payload) => ({ name: 'element', payload }))
}
