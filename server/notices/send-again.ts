import type { DeliveryAnswer } from '@/domain/api/notices'
import { DomainError } from '@/domain/domain-error'
import { pool } from '../db/pool'
import { DELIVERY_COLUMNS, deliveryAnswer, type DeliveryRow } from './notice-row'

/** Sends a notice once more, now, under the same delivery id; it is then tried for another day. Throws DomainError('not_found'). */
export async function sendAgain(deliveryId: string): Promise<DeliveryAnswer> {
  const { rows } = await pool().query<DeliveryRow>(
    `UPDATE noetl.notice_delivery AS d SET status = 'WAITING', attempts = 0, first_due_at = clock_timestamp(),
       next_attempt_at = clock_timestamp() WHERE delivery_id = $1 RETURNING ${DELIVERY_COLUMNS}`,
    [deliveryId],
  )
  const row = rows[0]
  if (row === undefined) throw new DomainError('not_found', `There is no delivery ${deliveryId}.`)
  return deliveryAnswer(row)
}
