import type { PlaybookAnswer } from '@/domain/api/playbooks'
import { DomainError } from '@/domain/domain-error'
import { pool } from '../db/pool'

type PlaybookRow = Omit<PlaybookAnswer, 'created_at' | 'updated_at'> & { created_at: Date; updated_at: Date }

/** A version of a playbook with its text, the newest one by default. Throws DomainError('not_found'). */
export async function readPlaybook(path: string, version?: number): Promise<PlaybookAnswer> {
  const { rows } = await pool().query<PlaybookRow>(
    `SELECT p.path, v.name, v.description, v.version, p.latest_version, p.created_at, v.created_at AS updated_at, c.content
     FROM noetl.playbook p
     JOIN noetl.playbook_version v ON v.path = p.path AND v.version = coalesce($2, p.latest_version)
     JOIN noetl.playbook_content c ON c.hash = v.content_hash
     WHERE p.path = $1`,
    [path, version ?? null],
  )
  const row = rows[0]
  if (row === undefined) throw noSuchPlaybook(path, version)
  return { ...row, created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString() }
}

/** The refusal of a path or version that isn't registered. */
export const noSuchPlaybook = (path: string, version?: number): DomainError =>
  new DomainError(
    'not_found',
    `No playbook "${path}"${version === undefined ? '' : ` version ${version}`} is registered.`,
  )
