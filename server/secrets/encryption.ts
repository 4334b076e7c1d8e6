import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { DomainError } from '@/domain/domain-error'
import { secretKeys } from './secret-key'

const ALGORITHM = 'aes-256-gcm'
const IV_BYTES = 12
/** Said both ways: without it Node accepts tags of 4 bytes. */
const TAG_BYTES = 16

export type Encrypted = {
  keyId: string
  iv: Buffer<ArrayBuffer>
  /** With the tag as its last 16 bytes. */
  ciphertext: Buffer<ArrayBuffer>
}

/** Encrypts with the present key. `boundTo` (row and version) must be the same for decrypting: a row copied elsewhere doesn't open. */
export function encrypt(plaintext: string, boundTo: string): Encrypted {
  const [key] = secretKeys()
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(ALGORITHM, key.bytes, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(boundTo))
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { keyId: key.id, iv, ciphertext }
}

/** Throws a DomainError when its key is not among ours, or when it was changed or moved. */
export function decrypt(encrypted: Encrypted, boundTo: string): string {
  const key = secretKeys().find((candidate) => candidate.id === encrypted.keyId)
  if (key === undefined) {
    throw new DomainError(
      'unavailable',
      `${boundTo} was encrypted with another key (${encrypted.keyId}) than the ones set.`,
      {
        hint: 'Set PAGETURNER_SECRET_KEY_OLD to the key it was stored under, or store the secret again.',
      },
    )
  }
  const { iv, ciphertext } = encrypted
  const tag = ciphertext.subarray(-TAG_BYTES)
  try {
    const decipher = createDecipheriv(ALGORITHM, key.bytes, iv, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(boundTo)).setAuthTag(tag)
    return decipher.update(ciphertext.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch (cause) {
    throw new DomainError(
      'unavailable',
      `${boundTo} can't be decrypted: it was changed or moved since it was stored.`,
      {
        cause,
        hint: 'Store the secret again.',
      },
    )
  }
}
