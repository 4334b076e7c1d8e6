import type { ListWebhooksQuery, WebhookList } from '@/domain/api/webhooks'
import { pool } from '../db/pool'
import { WEBHOOK_COLUMNS, webhookAnswer, type WebhookRow } from './webhook-row'

/** The webhooks of a playbook, or of all, without their tokens. */
export async function listWebhooks({ path, cursor, limit }: ListWebhooksQuery): Promise<WebhookList> {
  const { rows } = await pool().query<WebhookRow>(
    `SELECT ${WEBHOOK_COLUMNS} FROM noetl.webhook w
     WHERE ($1::text IS NULL OR w.path = $1) AND w.webhook_id > $2 ORDER BY w.webhook_id LIMIT $3 + 1`,
    [path ?? null, cursor ?? 0, limit],
  )
  const items = rows.slice(0, limit).map(webhookAnswer)
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.webhook_id ?? null) : null }
}
