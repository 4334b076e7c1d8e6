import { DomainError } from '@/domain/domain-error'
import type { Json, JsonObject } from '@/domain/json'
import { pool } from '../db/pool'
import { startExecution, type StartedExecution } from '../executions/start-execution'
import { log } from '../log'
import { isSecretOf, readToken } from './webhook-token'

type OpenedWebhook = {
  webhookId: string
  path: string
  name: string
  version: number | null
  inputs: string[]
  paused: boolean
}

/** The webhook a token opens, or null: whether it is unknown, revoked or wrong is not told. */
export async function openWebhook(token: string): Promise<OpenedWebhook | null> {
  const read = readToken(token)
  if (read === null) return null
  const { rows } = await pool().query<OpenedWebhook & { hash: Buffer }>(
    `SELECT webhook_id AS "webhookId", path, name, version, inputs, token_hash AS hash, paused
     FROM noetl.webhook WHERE webhook_id = $1`,
    [read.webhookId],
  )
  const row = rows[0]
  if (row === undefined || !isSecretOf(read.secret, row.hash)) return null
  const { hash: _hash, ...opened } = row
  return opened
}

/**
 * Starts the playbook of a webhook: the body becomes `workload.webhook`, and those of its members that the webhook names
 * set the workload's keys of that name; data, never templates. The same delivery gives the same execution. Throws
 * DomainError('conflict') when the webhook is paused or its playbook can't run.
 */
export async function callWebhook(
  { webhookId, path, name, version, inputs, paused }: OpenedWebhook,
  { body, deliveryKey }: { body: Json; deliveryKey: string | null },
): Promise<StartedExecution> {
  if (paused) throw new DomainError('conflict', 'This webhook is paused.')
  try {
    const started = await startExecution({
      path,
      ...(version !== null && { version }),
      workload: { ...chosen(body, inputs), webhook: body },
      trigger: { type: 'webhook', webhook_id: webhookId, name, ...(deliveryKey !== null && { delivery: deliveryKey }) },
      ...(deliveryKey !== null && { idempotencyKey: `webhook:${webhookId}:${deliveryKey}` }),
    })
    if (started.created) await noteUse(webhookId)
    return started
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'unavailable') throw error
    // A stranger is not told what is wrong with a playbook.
    log().warn({ err: error, webhookId, path }, 'a webhook could not start its playbook')
    throw new DomainError('conflict', 'The playbook of this webhook can not run now.', { cause: error })
  }
}

const chosen = (body: Json, inputs: readonly string[]): JsonObject =>
  body === null || typeof body !== 'object' || Array.isArray(body)
    ? {}
    : Object.fromEntries(Object.entries(body).filter(([key]) => inputs.includes(key)))

async function noteUse(webhookId: string): Promise<void> {
  await pool().query(
    'UPDATE noetl.webhook SET calls = calls + 1, last_used_at = clock_timestamp() WHERE webhook_id = $1',
    [webhookId],
  )
}
