import { decrypt, encrypt, type Encrypted } from '../secrets/encryption'

/** What is stored of a signing secret. */
export type SealedSecret = { [Field in keyof Encrypted]: Encrypted[Field] | null }

const NONE: SealedSecret = { keyId: null, iv: null, ciphertext: null }

/** Encrypts the signing secret of a notice; `version` is raised with each new one. */
export const sealSecret = (secret: string | null, noticeId: string, version: number): SealedSecret =>
  secret === null ? NONE : encrypt(secret, boundTo(noticeId, version))

/** The signing secret, or null where there is none. Throws DomainError('unavailable') when its key is gone. */
export function openSecret({ keyId, iv, ciphertext }: SealedSecret, noticeId: string, version: number): string | null {
  if (keyId === null || iv === null || ciphertext === null) return null
  return decrypt({ keyId, iv, ciphertext }, boundTo(noticeId, version))
}

const boundTo = (noticeId: string, version: number): string =>
  `The signing secret of notice ${noticeId}, version ${version},`
