import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** The id of the webhook and 256 random bits. */
const TOKEN = /^([1-9]\d{0,17})-([A-Za-z0-9_-]{43})$/
const SECRET_BYTES = 32

/** The secret half of a new token, and what is stored of it. */
export function drawSecret(): { secret: string; hash: Buffer } {
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  return { secret, hash: hashOf(secret) }
}

/** The token that a sender is given. */
export const tokenOf = (webhookId: string, secret: string): string => `${webhookId}-${secret}`

/** The halves of a token, or null when it can't be one. */
export function readToken(token: string): { webhookId: string; secret: string } | null {
  const [, webhookId, secret] = TOKEN.exec(token) ?? []
  return webhookId === undefined || secret === undefined ? null : { webhookId, secret }
}

/** Whether a secret is the one of this hash, in a time that tells nothing about how much of it was right. */
export const isSecretOf = (secret: string, hash: Buffer): boolean =>
  hash.length === SECRET_BYTES && timingSafeEqual(hashOf(secret), hash)

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
