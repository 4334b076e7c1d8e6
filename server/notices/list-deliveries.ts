import type { DeliveryList, ListDeliveriesQuery } from '@/domain/api/notices'
import { pool } from '../db/pool'
import { readNotice } from './list-notices'
import { DELIVERY_COLUMNS, deliveryAnswer, type DeliveryRow } from './notice-row'

/** What was sent, or waits to be, newest first. Throws DomainError('not_found'). */
export async function listDeliveries(noticeId: string, { cursor, limit }: ListDeliveriesQuery): Promise<DeliveryList> {
  await readNotice(noticeId)
  const { rows } = await pool().query<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM noetl.notice_delivery d
     WHERE d.notice_id = $1 AND ($2::bigint IS NULL OR d.delivery_id < $2) ORDER BY d.delivery_id DESC LIMIT $3 + 1`,
    [noticeId, cursor ?? null, limit],
  )
  const items = rows.slice(0, limit).map(deliveryAnswer)
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.delivery_id ?? null) : null }
}
