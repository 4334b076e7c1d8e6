import type { ChangeWebhook, WebhookAnswer } from '@/domain/api/webhooks'
import { pool } from '../db/pool'
import { findSource } from '../executions/start-execution'
import { noSuchWebhook, WEBHOOK_COLUMNS, webhookAnswer, type WebhookRow } from './webhook-row'

/** Changes a webhook, pauses it or lets it go on; its token stays. Throws DomainError('not_found'). */
export async function changeWebhook(id: string, change: ChangeWebhook): Promise<WebhookAnswer> {
  if (typeof change.version === 'number') await checkVersion(id, change.version)
  const { rows } = await pool().query<WebhookRow>(
    `UPDATE noetl.webhook AS w SET version = CASE WHEN $2 THEN $3 ELSE w.version END, name = coalesce($4, w.name),
       inputs = coalesce($5, w.inputs), paused = coalesce($6, w.paused)
     WHERE w.webhook_id = $1 RETURNING ${WEBHOOK_COLUMNS}`,
    [
      id,
      change.version !== undefined,
      change.version ?? null,
      change.name ?? null,
      change.inputs === undefined ? null : [...new Set(change.inputs)],
      change.paused ?? null,
    ],
  )
  const row = rows[0]
  if (row === undefined) throw noSuchWebhook(id)
  return webhookAnswer(row)
}

async function checkVersion(id: string, version: number): Promise<void> {
  const { rows } = await pool().query<{ path: string }>('SELECT path FROM noetl.webhook WHERE webhook_id = $1', [id])
  const path = rows[0]?.path
  if (path === undefined) throw noSuchWebhook(id)
  await findSource({ path, version, trigger: {} })
}
