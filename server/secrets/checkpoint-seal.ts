import { z } from 'zod'
import type { JsonObject } from '@/domain/json'
import { decrypt, encrypt } from './encryption'
import type { Redactor } from './redact'

const BOUND_TO = 'The checkpoint'

const sealedSchema = z.object({ sealed: z.object({ key_id: z.string(), iv: z.string(), ciphertext: z.string() }) })

/**
 * A checkpoint fit for storing: encrypted as a whole when a secret value is in it in any form (a next URL that carries
 * the key), because ••• could not be resumed from; as it is otherwise.
 */
export function sealCheckpoint(checkpoint: JsonObject, redactor: Redactor): JsonObject {
  if (redactor.isIdle) return checkpoint
  const text = JSON.stringify(checkpoint)
  if (JSON.stringify(redactor.words(checkpoint)) === text) return checkpoint
  const { keyId, iv, ciphertext } = encrypt(text, BOUND_TO)
  return { sealed: { key_id: keyId, iv: iv.toString('base64'), ciphertext: ciphertext.toString('base64') } }
}

/** What was sealed, or the checkpoint itself when it wasn't. Throws a DomainError when its key is gone. */
export function openCheckpoint(stored: JsonObject): JsonObject {
  const parsed = sealedSchema.safeParse(stored)
  if (!parsed.success) return stored
  const { key_id: keyId, iv, ciphertext } = parsed.data.sealed
  const text = decrypt(
    { keyId, iv: Buffer.from(iv, 'base64'), ciphertext: Buffer.from(ciphertext, 'base64') },
    BOUND_TO,
  )
  return JSON.parse(text) as JsonObject
}
