import { z } from 'zod'
import type { JsonObject } from '@/domain/json'
import { decrypt, encrypt } from './encryption'
import type { Redactor } from './redact'

const BOUND_TO = 'The checkpoint'
/** Beside the names of a checkpoint, which are words. */
const TOKENS = '$tokens'
const tokensSchema = z.array(z.string()).default([])

const sealedSchema = z.object({ sealed: z.object({ key_id: z.string(), iv: z.string(), ciphertext: z.string() }) })

/**
 * A checkpoint fit for storing: encrypted as a whole when a secret value is in it in any form (a next URL that carries
 * the key), because ••• could not be resumed from; as it is otherwise.
 * `tokens` go along: the process that goes on from there may not know those of this one, and has to mask them too.
 */
export function sealCheckpoint(checkpoint: JsonObject, redactor: Redactor, tokens: readonly string[] = []): JsonObject {
  if (redactor.isIdle) return checkpoint
  const text = JSON.stringify(checkpoint)
  if (JSON.stringify(redactor.words(checkpoint)) === text) return checkpoint
  const { keyId, iv, ciphertext } = encrypt(
    tokens.length === 0 ? text : JSON.stringify({ ...checkpoint, [TOKENS]: tokens }),
    BOUND_TO,
  )
  return { sealed: { key_id: keyId, iv: iv.toString('base64'), ciphertext: ciphertext.toString('base64') } }
}

/** What was sealed, or the checkpoint itself when it wasn't; each token that went along goes to `onToken`. Throws a DomainError when its key is gone. */
export function openCheckpoint(stored: JsonObject, onToken: (token: string) => void = () => undefined): JsonObject {
  const parsed = sealedSchema.safeParse(stored)
  if (!parsed.success) return stored
  const { key_id: keyId, iv, ciphertext } = parsed.data.sealed
  const text = decrypt(
    { keyId, iv: Buffer.from(iv, 'base64'), ciphertext: Buffer.from(ciphertext, 'base64') },
    BOUND_TO,
  )
  const { [TOKENS]: tokens, ...checkpoint } = JSON.parse(text) as JsonObject
  for (const token of tokensSchema.parse(tokens)) onToken(token)
  return checkpoint
}
