import type { PlaybookList, PlaybookSummary } from '@/domain/api/playbooks'
import { pool } from '../db/pool'

type SummaryRow = Omit<PlaybookSummary, 'created_at' | 'updated_at'> & { created_at: Date; updated_at: Date }

/** The newest version of each playbook, by path. SQL, because Prisma's client has no join on two columns without a foreign key. */
export async function listPlaybooks({
  cursor,
  limit,
}: {
  cursor?: string | undefined
  limit: number
}): Promise<PlaybookList> {
  const { rows } = await pool().query<SummaryRow>(
    `SELECT p.path, v.name, v.description, v.version, p.created_at, p.updated_at
     FROM noetl.playbook p
     JOIN noetl.playbook_version v ON v.path = p.path AND v.version = p.latest_version
     WHERE p.path > $1 ORDER BY p.path LIMIT $2 + 1`,
    [cursor ?? '', limit],
  )
  const items = rows.slice(0, limit).map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }))
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.path ?? null) : null }
}
