import type { CreateWebhook, WebhookWithToken } from '@/domain/api/webhooks'
import { pool } from '../db/pool'
import { findSource } from '../executions/start-execution'
import { WEBHOOK_COLUMNS, withToken, type WebhookRow } from './webhook-row'
import { drawSecret, tokenOf } from './webhook-token'

/** An address that starts a playbook; its token is in this answer alone. Throws DomainError('not_found') without such a playbook. */
export async function createWebhook({ path, name, version, inputs }: CreateWebhook): Promise<WebhookWithToken> {
  await findSource({ path, ...(version !== null && { version }), trigger: {} })
  const { secret, hash } = drawSecret()
  const { rows } = await pool().query<WebhookRow>(
    `INSERT INTO noetl.webhook AS w (path, name, version, inputs, token_hash) VALUES ($1, $2, $3, $4, $5)
     RETURNING ${WEBHOOK_COLUMNS}`,
    [path, name, version, [...new Set(inputs)], hash],
  )
  const row = rows[0]
  if (row === undefined) throw new Error('The webhook was not recorded.')
  return withToken(row, tokenOf(row.webhook_id, secret))
}
