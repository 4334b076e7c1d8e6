import type { WebhookAnswer, WebhookWithToken } from '@/domain/api/webhooks'
import { DomainError } from '@/domain/domain-error'
import { publicAddress } from '../public-address'

export type WebhookRow = {
  webhook_id: string
  path: string
  name: string
  version: number | null
  inputs: string[]
  paused: boolean
  calls: number
  last_used_at: Date | null
  created_at: Date
  rotated_at: Date | null
}

/** Columns of `noetl.webhook w`; never the hash of its token. */
export const WEBHOOK_COLUMNS = `w.webhook_id, w.path, w.name, w.version, w.inputs, w.paused, w.calls, w.last_used_at,
  w.created_at, w.rotated_at`

/** A webhook as the API gives it. */
export const webhookAnswer = (row: WebhookRow): WebhookAnswer => ({
  ...row,
  last_used_at: row.last_used_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  rotated_at: row.rotated_at?.toISOString() ?? null,
})

/** The same with its token, for the one answer that shows it. */
export const withToken = (row: WebhookRow, token: string): WebhookWithToken => ({
  ...webhookAnswer(row),
  token,
  url: publicAddress(`/api/hooks/${token}`),
})

export const noSuchWebhook = (id: string): DomainError => new DomainError('not_found', `There is no webhook ${id}.`)
