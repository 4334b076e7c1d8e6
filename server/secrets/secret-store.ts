import { DomainError } from '@/domain/domain-error'
import { pool } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { decrypt, encrypt } from './encryption'

export type StoredSecret = { name: string; version: number; createdAt: Date; updatedAt: Date }

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/
const COLUMNS = `name, version, created_at AS "createdAt", updated_at AS "updatedAt"`

/** Encrypts and stores; a name that exists gets its next version. Throws a DomainError on a name no template can say, or an empty value. */
export async function putSecret(name: string, value: string): Promise<StoredSecret> {
  if (!NAME.test(name))
    throw invalid(`"${name}" is no name for a secret.`, 'Use letters, digits and _, not beginning with a digit.')
  if (value === '')
    throw invalid(`The secret ${name} was given no value.`, 'Delete it instead, if it is no longer wanted.')
  return withTransaction(async (client) => {
    // The version is part of what the ciphertext is bound to, so two writers of one name go one after the other.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`secret ${name}`])
    const present = await client.query<{ version: number }>('SELECT version FROM noetl.secret WHERE name = $1', [name])
    const version = (present.rows[0]?.version ?? 0) + 1
    const { keyId, iv, ciphertext } = encrypt(value, boundTo(name, version))
    const { rows } = await client.query<StoredSecret>(
      `INSERT INTO noetl.secret (name, version, key_id, iv, ciphertext) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (name) DO UPDATE SET version = excluded.version, key_id = excluded.key_id, iv = excluded.iv,
         ciphertext = excluded.ciphertext, updated_at = now()
       RETURNING ${COLUMNS}`,
      [name, version, keyId, iv, ciphertext],
    )
    const [stored] = rows
    if (stored === undefined) throw new Error(`The secret ${name} was not stored.`)
    return stored
  })
}

/** Names and versions, never values. */
export async function listSecrets(): Promise<StoredSecret[]> {
  const { rows } = await pool().query<StoredSecret>(`SELECT ${COLUMNS} FROM noetl.secret ORDER BY name`)
  return rows
}

/** False when there was none. */
export async function deleteSecret(name: string): Promise<boolean> {
  const { rowCount } = await pool().query('DELETE FROM noetl.secret WHERE name = $1', [name])
  return rowCount === 1
}

type EncryptedRow = { name: string; version: number; key_id: string; iv: Buffer; ciphertext: Buffer }

/** The values of those of the names that are stored. */
export async function openSecrets(names: readonly string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map()
  const { rows } = await pool().query<EncryptedRow>(
    'SELECT name, version, key_id, iv, ciphertext FROM noetl.secret WHERE name = ANY ($1::text[])',
    [names],
  )
  return new Map(
    rows.map(({ name, version, key_id: keyId, iv, ciphertext }) => [
      name,
      decrypt({ keyId, iv, ciphertext }, boundTo(name, version)),
    ]),
  )
}

const boundTo = (name: string, version: number): string => `The secret ${name}, version ${version},`

const invalid = (message: string, hint: string): DomainError => new DomainError('invalid_request', message, { hint })
