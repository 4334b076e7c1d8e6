import { pool } from '../db/pool'
import { noSuchNotice } from './notice-row'

/** Forgets a notice and what was to be sent for it. Throws DomainError('not_found'). */
export async function deleteNotice(id: string): Promise<void> {
  const { rowCount } = await pool().query('DELETE FROM noetl.notice WHERE notice_id = $1', [id])
  if (rowCount === 0) throw noSuchNotice(id)
}
