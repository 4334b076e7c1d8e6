import { pool } from '../db/pool'
import { decrypt, type Encrypted } from './encryption'

type EncryptedRow = { name: string; version: number; key_id: string } & Omit<Encrypted, 'keyId'>

/**
 * The values of those of the names that are stored; of `others` as well, as far as they can be opened. SQL, because a
 * worker asks once an element.
 */
export async function openSecrets(names: readonly string[], others: readonly string[]): Promise<Map<string, string>> {
  if (names.length + others.length === 0) return new Map()
  const { rows } = await pool().query<EncryptedRow>({
    name: 'open-secrets',
    text: 'SELECT name, version, key_id, iv, ciphertext FROM noetl.secret WHERE name = ANY ($1::text[])',
    values: [[...names, ...others]],
  })
  const opened = new Map<string, string>()
  for (const { name, version, key_id: keyId, iv, ciphertext } of rows) {
    try {
      opened.set(name, decrypt({ keyId, iv, ciphertext }, boundTo(name, version)))
    } catch (error) {
      if (!others.includes(name)) throw error
    }
  }
  return opened
}

/** What a ciphertext is bound to: its row and version, so that one copied elsewhere doesn't open. */
export const boundTo = (name: string, version: number): string => `The secret ${name}, version ${version},`
