import { errorFactsOf } from '@/domain/execution/error-facts'
import type { HttpOutcome } from '@/domain/http-message'
import type { JsonObject } from '@/domain/json'
import { nextTry } from '@/domain/notices/next-try'
import { pool } from '../db/pool'
import { sendRequest } from '../http/send-request'
import { createRedactor } from '../secrets/redact'
import { noticeRequest } from './notice-request'
import { resolveNoticeUrl } from './notice-url'
import { openSecret, type SealedSecret } from './signing-secret'

type Claimed = SealedSecret & {
  deliveryId: string
  noticeId: string
  executionId: string
  event: string
  payload: JsonObject
  attempts: number
  firstDueAt: Date
  url: string
  keyVersion: number
}
type Answer = { status: number | null; error: string | null }

/** Of one notice at once, so that a dead receiver does not keep the others waiting; and of all. */
const MOST_OF_ONE = 4
const MOST = 32
/** Longer than a request may take: what is not settled by then was lost with its worker, and another one sends it. */
const LEASE = `interval '60 seconds'`
const MOST_ERROR_LENGTH = 500

const CLAIM = `
  WITH due AS (
    SELECT w.delivery_id FROM noetl.notice n
    CROSS JOIN LATERAL (
      SELECT d.delivery_id FROM noetl.notice_delivery d
      WHERE d.notice_id = n.notice_id AND d.status = 'WAITING' AND d.next_attempt_at <= clock_timestamp()
      ORDER BY d.next_attempt_at LIMIT ${MOST_OF_ONE} FOR UPDATE SKIP LOCKED
    ) AS w
    WHERE NOT n.paused LIMIT ${MOST}
  )
  UPDATE noetl.notice_delivery d SET attempts = d.attempts + 1, last_attempt_at = clock_timestamp(),
    next_attempt_at = clock_timestamp() + ${LEASE}
  FROM due, noetl.notice n WHERE d.delivery_id = due.delivery_id AND n.notice_id = d.notice_id
  RETURNING d.delivery_id AS "deliveryId", d.notice_id AS "noticeId", d.execution_id AS "executionId", d.event, d.payload,
    d.attempts, d.first_due_at AS "firstDueAt", n.url, n.key_id AS "keyId", n.key_version AS "keyVersion", n.iv,
    n.ciphertext`

/** Settles what this claim sent; one that took longer than its lease, or was sent again meanwhile, is another's. */
const SETTLE = `
  UPDATE noetl.notice_delivery SET status = $3, last_status = $4, last_error = $5,
    next_attempt_at = coalesce($6, next_attempt_at)
  WHERE delivery_id = $1 AND attempts = $2 AND status = 'WAITING'`

/** Sends what is due, at least once each: a worker that dies between sending and noting it leaves it to the next. */
export async function sendDueNotices(signal: AbortSignal): Promise<void> {
  const { rows } = await pool().query<Claimed>({ name: 'claim-notices', text: CLAIM })
  await Promise.all(rows.map(async (claimed) => sendOne(claimed, signal)))
}

async function sendOne(claimed: Claimed, signal: AbortSignal): Promise<void> {
  const { status, error } = await attempt(claimed, signal)
  const now = new Date()
  const again = error === null ? null : nextTry({ ...claimed, now })
  const settled = again === null ? ended(error) : 'WAITING'
  await pool().query({
    name: 'settle-notice',
    text: SETTLE,
    values: [claimed.deliveryId, claimed.attempts, settled, status, error, again],
  })
}

const ended = (error: string | null): string => (error === null ? 'DELIVERED' : 'FAILED')

/** A failure of any kind is an answer with an error: no secret is in it. */
async function attempt(claimed: Claimed, signal: AbortSignal): Promise<Answer> {
  const hidden: string[] = []
  try {
    const { url, secrets } = await resolveNoticeUrl(claimed.url)
    hidden.push(...secrets)
    const secret = openSecret(claimed, claimed.noticeId, claimed.keyVersion)
    if (secret !== null) hidden.push(secret)
    const outcome = await sendRequest(noticeRequest({ ...claimed, url, secret, now: new Date() }), { signal })
    const { status, error } = answerOf(outcome)
    return { status, error: error === null ? null : masked(error, hidden) }
  } catch (error) {
    return { status: null, error: masked(errorFactsOf(error).message, hidden) }
  }
}

function answerOf(outcome: HttpOutcome): Answer {
  if (outcome.kind === 'none') return { status: null, error: outcome.message }
  const { status } = outcome.response
  return { status, error: status >= 200 && status < 300 ? null : `The receiver answered ${status}.` }
}

const masked = (error: string, hidden: readonly string[]): string =>
  createRedactor(hidden).words(error).slice(0, MOST_ERROR_LENGTH)
