import type { WebhookWithToken } from '@/domain/api/webhooks'
import { pool } from '../db/pool'
import { noSuchWebhook, WEBHOOK_COLUMNS, withToken, type WebhookRow } from './webhook-row'
import { drawSecret, tokenOf } from './webhook-token'

/** Gives a webhook another token; the one before stops at once. Throws DomainError('not_found'). */
export async function rotateWebhook(id: string): Promise<WebhookWithToken> {
  const { secret, hash } = drawSecret()
  const { rows } = await pool().query<WebhookRow>(
    `UPDATE noetl.webhook AS w SET token_hash = $2, rotated_at = clock_timestamp() WHERE w.webhook_id = $1
     RETURNING ${WEBHOOK_COLUMNS}`,
    [id, hash],
  )
  const row = rows[0]
  if (row === undefined) throw noSuchWebhook(id)
  return withToken(row, tokenOf(id, secret))
}
