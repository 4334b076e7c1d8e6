import { idempotencyKeySchema } from '@/domain/api/params'
import { processWide } from '../db/process-wide'
import { RequestRefused } from '../problem'
import { readHeader } from '../request-body'
import { createBadTokenLimit, type BadTokenLimit } from './bad-token-limit'
import { openWebhook } from './call-webhook'

/** What senders name a delivery by, so that one sent twice runs once; ours first, then Standard Webhooks, GitHub. */
const DELIVERY_HEADERS = ['idempotency-key', 'webhook-id', 'x-github-delivery']

const LIMIT = { most: 20, perMs: 60_000, mostSenders: 10_000 }

/** The webhook that a call's token opens. Throws RequestRefused: 404 without saying more, 429 to who has tried too many. */
export async function openForSender(request: Request, token: string): ReturnType<typeof requireWebhook> {
  const limit = processWide<BadTokenLimit>('bad-tokens', () => createBadTokenLimit(LIMIT))
  const sender = senderOf(request)
  const waitMs = limit.waitMs(sender, Date.now())
  if (waitMs > 0) throw tooMany(waitMs)
  return requireWebhook(token, () => limit.note(sender, Date.now()))
}

/** The name of this delivery, or null when the sender gives none. Throws RequestRefused when it is too long. */
export function deliveryKeyOf(request: Request): string | null {
  for (const name of DELIVERY_HEADERS) {
    const key = readHeader(request, name, idempotencyKeySchema)
    if (key !== undefined) return key
  }
  return null
}

async function requireWebhook(token: string, onUnknown: () => void) {
  const webhook = await openWebhook(token)
  if (webhook !== null) return webhook
  onUnknown()
  throw new RequestRefused({ code: 'not_found', detail: 'There is nothing here.' })
}

/** The address nearest to us; the server sets it where no proxy did. */
const senderOf = (request: Request): string => request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? ''

function tooMany(waitMs: number): RequestRefused {
  const seconds = Math.ceil(waitMs / 1000)
  return new RequestRefused({
    code: 'too_many_requests',
    detail: `Too many calls from this address opened nothing. Try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
  })
}
