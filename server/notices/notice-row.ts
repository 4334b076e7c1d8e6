import { deliverySchema, noticeSchema, type DeliveryAnswer, type NoticeAnswer } from '@/domain/api/notices'
import { DomainError } from '@/domain/domain-error'

export type NoticeRow = {
  notice_id: string
  path: string
  url: string
  events: string[]
  is_signed: boolean
  paused: boolean
  created_at: Date
}

export type DeliveryRow = {
  delivery_id: string
  notice_id: string
  execution_id: string
  event: string
  status: string
  attempts: number
  last_status: number | null
  last_error: string | null
  last_attempt_at: Date | null
  next_attempt_at: Date
  created_at: Date
}

/** Columns of `noetl.notice n`; never the signing secret. */
export const NOTICE_COLUMNS = `n.notice_id, n.path, n.url, n.events, n.key_id IS NOT NULL AS is_signed, n.paused, n.created_at`

/** Columns of `noetl.notice_delivery d`. */
export const DELIVERY_COLUMNS = `d.delivery_id, d.notice_id, d.execution_id, d.event, d.status, d.attempts, d.last_status,
  d.last_error, d.last_attempt_at, d.next_attempt_at, d.created_at`

/** A notice as the API gives it. */
export const noticeAnswer = ({ events, ...row }: NoticeRow, last: DeliveryAnswer | null): NoticeAnswer => ({
  ...row,
  on: noticeSchema.shape.on.parse(events),
  last_delivery: last,
  created_at: row.created_at.toISOString(),
})

/** A delivery as the API gives it. */
export const deliveryAnswer = (row: DeliveryRow): DeliveryAnswer => ({
  ...row,
  event: deliverySchema.shape.event.parse(row.event),
  status: deliverySchema.shape.status.parse(row.status),
  last_attempt_at: row.last_attempt_at?.toISOString() ?? null,
  next_attempt_at: row.status === 'WAITING' ? row.next_attempt_at.toISOString() : null,
  created_at: row.created_at.toISOString(),
})

export const noSuchNotice = (id: string): DomainError => new DomainError('not_found', `There is no notice ${id}.`)
