import type { ListNoticesQuery, NoticeAnswer, NoticeList } from '@/domain/api/notices'
import { pool } from '../db/pool'
import {
  DELIVERY_COLUMNS,
  deliveryAnswer,
  noSuchNotice,
  NOTICE_COLUMNS,
  noticeAnswer,
  type DeliveryRow,
  type NoticeRow,
} from './notice-row'

/** Whom runs of a playbook, or of all, are told to, each with its last delivery. */
export async function listNotices({ path, cursor, limit }: ListNoticesQuery): Promise<NoticeList> {
  const { rows } = await pool().query<NoticeRow>(
    `SELECT ${NOTICE_COLUMNS} FROM noetl.notice n
     WHERE ($1::text IS NULL OR n.path = $1) AND n.notice_id > $2 ORDER BY n.notice_id LIMIT $3 + 1`,
    [path ?? null, cursor ?? 0, limit],
  )
  const items = await withDeliveries(rows.slice(0, limit))
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.notice_id ?? null) : null }
}

/** One notice. Throws DomainError('not_found'). */
export async function readNotice(id: string): Promise<NoticeAnswer> {
  const { rows } = await pool().query<NoticeRow>(
    `SELECT ${NOTICE_COLUMNS} FROM noetl.notice n WHERE n.notice_id = $1`,
    [id],
  )
  const [answer] = await withDeliveries(rows)
  if (answer === undefined) throw noSuchNotice(id)
  return answer
}

async function withDeliveries(notices: readonly NoticeRow[]): Promise<NoticeAnswer[]> {
  const { rows } = await pool().query<DeliveryRow>(
    `SELECT d.* FROM unnest($1::bigint[]) AS n (id)
     CROSS JOIN LATERAL (SELECT ${DELIVERY_COLUMNS} FROM noetl.notice_delivery d WHERE d.notice_id = n.id
       ORDER BY d.delivery_id DESC LIMIT 1) AS d`,
    [notices.map((notice) => notice.notice_id)],
  )
  const last = new Map(rows.map((row) => [row.notice_id, deliveryAnswer(row)]))
  return notices.map((notice) => noticeAnswer(notice, last.get(notice.notice_id) ?? null))
}
