import type { PlaybookVersionList, PlaybookVersionSummary } from '@/domain/api/playbooks'
import { pool } from '../db/pool'
import { noSuchPlaybook } from './read-playbook'

type VersionRow = Omit<PlaybookVersionSummary, 'created_at'> & { created_at: Date }
type Window = { path: string; cursor?: number | undefined; limit: number }

/** The versions of a playbook, newest first. Throws DomainError('not_found'). */
export async function listVersions({ path, cursor, limit }: Window): Promise<PlaybookVersionList> {
  const { rows } = await pool().query<VersionRow>(
    `SELECT version, name, description, content_hash, created_at FROM noetl.playbook_version
     WHERE path = $1 AND ($2::int IS NULL OR version < $2) ORDER BY version DESC LIMIT $3 + 1`,
    [path, cursor ?? null, limit],
  )
  if (rows.length === 0 && cursor === undefined) throw noSuchPlaybook(path)
  const items = rows.slice(0, limit).map((row) => ({ ...row, created_at: row.created_at.toISOString() }))
  const last = items.at(-1)
  return { items, next_cursor: rows.length > limit && last !== undefined ? String(last.version) : null }
}
