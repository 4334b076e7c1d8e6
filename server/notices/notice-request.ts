import { createHmac } from 'node:crypto'
import type { HttpRequest } from '@/domain/http-message'
import type { JsonObject } from '@/domain/json'
import { publicAddress } from '../public-address'

type Notice = {
  url: string
  secret: string | null
  deliveryId: string
  executionId: string
  event: string
  payload: JsonObject
  now: Date
}

const TIMEOUT_MS = 15_000
const IDLE_TIMEOUT_MS = 10_000
const MOST_ANSWER_BYTES = 65_536

/** The request that tells of an end. With a signing secret its signature covers the moment of sending and the body. */
export function noticeRequest({ url, secret, deliveryId, executionId, event, payload, now }: Notice): HttpRequest {
  const body = JSON.stringify({ delivery_id: deliveryId, ...payload, link: publicAddress(`/runs/${executionId}`) })
  const timestamp = String(Math.floor(now.getTime() / 1000))
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      'x-pageturner-delivery': deliveryId,
      'x-pageturner-event': `execution.${event}`,
      'x-pageturner-timestamp': timestamp,
      ...(secret !== null && { 'x-pageturner-signature': `v1=${signatureOf(secret, timestamp, body)}` }),
    },
    body,
    timeoutMs: TIMEOUT_MS,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    maxResponseBytes: MOST_ANSWER_BYTES,
    crossOrigin: [],
    secretHeaders: ['x-pageturner-signature'],
    secretParams: [],
    secretBody: true,
  }
}

const signatureOf = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
