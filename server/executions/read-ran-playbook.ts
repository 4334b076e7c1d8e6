import type { RanPlaybook } from '@/domain/api/executions'
import { pool } from '../db/pool'
import { noSuchExecution } from './read-events'

/** The text an execution started with (P10), whatever was registered since. Throws DomainError('not_found'). */
export async function readRanPlaybook(executionId: string): Promise<RanPlaybook> {
  const { rows } = await pool().query<RanPlaybook>({
    name: 'read-ran-playbook',
    text: `SELECT execution.path, execution.version, text.content FROM noetl.execution
      JOIN noetl.playbook_content AS text ON text.hash = execution.content_hash WHERE execution.execution_id = $1`,
    values: [executionId],
  })
  const ran = rows[0]
  if (ran === undefined) throw noSuchExecution(executionId)
  return ran
}
