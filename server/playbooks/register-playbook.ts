import type { RegisterAnswer } from '@/domain/api/playbooks'
import { playbookPathSchema } from '@/domain/api/fields'
import { DomainError } from '@/domain/domain-error'
import type { Diagnostic } from '@/domain/playbook/diagnostic'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import type { Playbook } from '@/domain/playbook/playbook'
import type { Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { contentHash } from '../executions/load-run'

/**
 * Registers the text as the next version under its `metadata.path`, or gives back the newest one when that has exactly
 * this text. Throws DomainError('invalid_playbook') with every place that is wrong.
 */
export async function registerPlaybook(content: string): Promise<RegisterAnswer> {
  const { playbook, warnings } = readPlaybookText(content)
  const { path } = playbook
  return withTransaction(async (client) => {
    const head = await lockHead(client, path)
    const hash = contentHash(content)
    const answer = { path, diagnostics: warnings }
    if (head.hash === hash) return { ...answer, version: head.version, created: false }
    const version = head.version + 1
    await insertVersion(client, { playbook, content, hash, version })
    return { ...answer, version, created: true }
  })
}

function readPlaybookText(content: string): { playbook: Playbook; warnings: Diagnostic[] } {
  const { playbook, diagnostics } = parsePlaybook(content)
  if (playbook === null) throw invalidPlaybook(diagnostics.filter(({ severity }) => severity === 'error'))
  const path = playbookPathSchema.safeParse(playbook.path)
  if (!path.success) {
    const message = path.error.issues.map((issue) => issue.message).join('; ')
    throw new DomainError('invalid_playbook', message, { places: [{ path: '/metadata/path', message }] })
  }
  return { playbook, warnings: diagnostics }
}

function invalidPlaybook(errors: readonly Diagnostic[]): DomainError {
  const [first] = errors
  const detail =
    first === undefined
      ? 'The playbook cannot be read.'
      : `Line ${first.line}, column ${first.column}: ${first.message}`
  return new DomainError('invalid_playbook', errors.length > 1 ? `${detail} (and ${errors.length - 1} more)` : detail, {
    places: errors.map(({ path, line, column, message, hint }) => ({
      path,
      line,
      column,
      message: hint === null ? message : `${message} ${hint}`,
    })),
    ...(first?.hint ? { hint: first.hint } : {}),
  })
}

/** The head is made first, at version 0, so that there is a row to lock and two registrations never take one number. */
async function lockHead(client: Queryable, path: string): Promise<{ version: number; hash: string | null }> {
  await client.query('INSERT INTO noetl.playbook (path, latest_version) VALUES ($1, 0) ON CONFLICT DO NOTHING', [path])
  const { rows } = await client.query<{ version: number; hash: string | null }>(
    `SELECT p.latest_version AS version, v.content_hash AS hash
     FROM noetl.playbook p
     LEFT JOIN noetl.playbook_version v ON v.path = p.path AND v.version = p.latest_version
     WHERE p.path = $1 FOR UPDATE OF p`,
    [path],
  )
  return rows[0] ?? { version: 0, hash: null }
}

type NewVersion = { playbook: Playbook; content: string; hash: string; version: number }

async function insertVersion(client: Queryable, { playbook, content, hash, version }: NewVersion): Promise<void> {
  const { path, name, description } = playbook
  await client.query('INSERT INTO noetl.playbook_content (hash, content) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    hash,
    content,
  ])
  await client.query(
    `INSERT INTO noetl.playbook_version (path, version, content_hash, name, description) VALUES ($1, $2, $3, $4, $5)`,
    [path, version, hash, name, description ?? null],
  )
  await client.query('UPDATE noetl.playbook SET latest_version = $2, updated_at = now() WHERE path = $1', [
    path,
    version,
  ])
}
