import { isDeepStrictEqual } from 'node:util'
import { DomainError } from '@/domain/domain-error'
import type { JsonObject } from '@/domain/json'
import { invalidPlaybook } from '@/domain/playbook/invalid-playbook'
import type { Playbook } from '@/domain/playbook/playbook'
import { pool, type Queryable } from '../db/pool'
import { toExactJsonb } from '../db/exact-jsonb'
import { toJsonb } from '../db/to-jsonb'
import { parsedPlaybook } from '../playbooks/parsed-playbook'
import { enqueue } from '../queue/enqueue'
import { contentHash } from './load-run'
import type { OnlyElements } from './only-elements'

export type StartExecution = {
  /** A registered playbook; with `content` this text is run instead, exactly as given. */
  path?: string
  version?: number
  content?: string
  /** Overrides keys of the playbook's own workload: data, in which `{{ }}` is text. An integer beyond 2^53 is a bigint, or its digits in text. */
  workload?: JsonObject
  /** Who or what asked: `{type: 'api' | 'web' | 'cli' | 'schedule' | 'playbook', …}`. */
  trigger: JsonObject
  /** What a caller sent goes through `callerKey`. */
  idempotencyKey?: string
  /** The iteration of another execution that waits for this one. */
  parent?: Parent
  /** The execution that this one retries, and the elements it does so for; without them it retries the whole run. */
  retriedFrom?: string
  only?: OnlyElements
}

type Parent = { executionId: string; step: string; index: number; depth: number }

export type StartedExecution = { executionId: string; status: string; created: boolean }

export type Source = { content: string; hash: string; version: number | null; playbook: Playbook }

/** A worker hears of a new execution at once; the ticket is for when none did. */
const TICKET_AFTER_MS = 250

/** Puts an execution on record and hands it to the workers. Throws DomainError: `invalid_playbook` with places, `not_found`, `invalid_request`. */
export async function startExecution(request: StartExecution): Promise<StartedExecution> {
  return startFrom(request, async () => findSource(request))
}

/** As `startExecution`, of a text found another way. */
export async function startFrom(request: StartExecution, find: () => Promise<Source>): Promise<StartedExecution> {
  const known = request.idempotencyKey === undefined ? null : await findByKey(pool(), request.idempotencyKey)
  if (known !== null) return known
  const source = await find()
  const started = await insertExecution(pool(), request, source)
  const { executionId, created } = started
  if (created) await enqueue('orchestrate', { executionId, seq: 0 }, { delayMs: TICKET_AFTER_MS })
  return started
}

/** The text to run, checked. Throws DomainError. */
export async function findSource({ path, version, content }: StartExecution): Promise<Source> {
  if (content !== undefined) return { content, ...(await identify(content)), playbook: parse(content) }
  if (path === undefined) {
    throw new DomainError('invalid_request', 'Say what to run: a path of a registered playbook, or content.')
  }
  const { rows } = await pool().query<{ content: string; hash: string; version: number }>({
    name: 'find-playbook-version',
    text: `SELECT c.content, c.hash, v.version FROM noetl.playbook p
           JOIN noetl.playbook_version v ON v.path = p.path AND v.version = coalesce($2, p.latest_version)
           JOIN noetl.playbook_content c ON c.hash = v.content_hash WHERE p.path = $1`,
    values: [path, version ?? null],
  })
  const row = rows[0]
  if (row === undefined) {
    const what = version === undefined ? `"${path}"` : `"${path}" version ${version}`
    throw new DomainError('not_found', `No playbook ${what} is registered.`)
  }
  return { ...row, playbook: parse(row.content) }
}

/** The hash of a text and the version it is registered as, if it is. */
async function identify(content: string): Promise<{ hash: string; version: number | null }> {
  const hash = contentHash(content)
  const { rows } = await pool().query<{ version: number }>({
    name: 'find-version-of-content',
    text: 'SELECT max(version) AS version FROM noetl.playbook_version WHERE content_hash = $1 HAVING count(*) > 0',
    values: [hash],
  })
  return { hash, version: rows[0]?.version ?? null }
}

function parse(content: string): Playbook {
  const { playbook, diagnostics } = parsedPlaybook(content)
  if (playbook !== null) return playbook
  throw invalidPlaybook(diagnostics)
}

/**
 * Puts an execution on record, and its playbook's text if that is new, in one statement; the workers hear of it when that
 * is committed. A ticket is for the caller to write.
 */
export async function insertExecution(
  client: Queryable,
  request: StartExecution,
  source: Source,
): Promise<StartedExecution> {
  const key = request.idempotencyKey ?? ''
  const started =
    (await insertOnce(client, request, source)) ??
    (await findByKey(client, key)) ??
    // The one that had the key began to be removed just now, and the look freed it.
    (await insertOnce(client, request, source))
  if (started === null) throw new Error('The execution was not recorded.')
  return started
}

/** Null when the key has started another one. */
async function insertOnce(
  client: Queryable,
  request: StartExecution,
  { content, hash, version, playbook }: Source,
): Promise<StartedExecution | null> {
  const { rows } = await client.query<StartedExecution>({
    name: 'insert-execution',
    text: `WITH kept AS (
             INSERT INTO noetl.playbook_content (hash, content) VALUES ($3, $14) ON CONFLICT (hash) DO NOTHING
           ), inserted AS (
             INSERT INTO noetl.execution (path, version, content_hash, status, workload, overrides, trigger, idempotency_key,
               parent_execution_id, parent_step, parent_iteration_index, depth, retried_from, only_elements)
             VALUES ($1, $2, $3, 'PENDING', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (idempotency_key) DO NOTHING
             RETURNING execution_id, status
           )
           SELECT execution_id AS "executionId", status, true AS created
           FROM inserted, pg_notify('noetl_start', execution_id::text)`,
    values: [
      playbook.path,
      version,
      hash,
      toExactJsonb({ ...playbook.workload, ...request.workload }),
      overriddenKeys(playbook.workload, request.workload ?? {}),
      toJsonb(request.trigger),
      request.idempotencyKey ?? null,
      request.parent?.executionId ?? null,
      request.parent?.step ?? null,
      request.parent?.index ?? null,
      request.parent?.depth ?? 0,
      request.retriedFrom ?? null,
      request.only === undefined ? null : JSON.stringify(request.only),
      content,
    ],
  })
  return rows[0] ?? null
}

/** A value equal to the playbook's own is no override: a form sends its defaults back, and those are the author's templates. */
export const overriddenKeys = (own: JsonObject, given: JsonObject): string[] =>
  Object.keys(given).filter((key) => !Object.hasOwn(own, key) || !isDeepStrictEqual(plain(own[key]), plain(given[key])))

const plain = (value: unknown): unknown => JSON.parse(toJsonb(value))

/** The same key gives the same execution, whatever else the request says, until that is removed: then the key is free. */
export async function findByKey(
  client: Queryable,
  key: string,
): Promise<(StartedExecution & { retriedFrom: string | null }) | null> {
  const { rows } = await client.query<StartedExecution & { retriedFrom: string | null }>({
    name: 'find-execution-by-key',
    text: `WITH freed AS (
             UPDATE noetl.execution SET idempotency_key = NULL WHERE idempotency_key = $1 AND removed_at IS NOT NULL
           )
           SELECT execution_id AS "executionId", status, false AS created, retried_from AS "retriedFrom" FROM noetl.execution
           WHERE removed_at IS NULL AND idempotency_key = $1`,
    values: [key],
  })
  return rows[0] ?? null
}
