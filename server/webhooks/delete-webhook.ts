import { pool } from '../db/pool'
import { noSuchWebhook } from './webhook-row'

/** Revokes a webhook: its token starts nothing any more. Throws DomainError('not_found'). */
export async function deleteWebhook(id: string): Promise<void> {
  const { rowCount } = await pool().query('DELETE FROM noetl.webhook WHERE webhook_id = $1', [id])
  if (rowCount === 0) throw noSuchWebhook(id)
}
