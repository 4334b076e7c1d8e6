import { createHash } from 'node:crypto'
import pg from 'pg'
import { DomainError } from '@/domain/domain-error'
import { foreignTroubleOf } from '@/domain/storage-trouble'
import { cancelledBy } from '../db/cancel-backend'
import { processWide, takeProcessWide } from '../db/process-wide'
import { openPool, type Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { readDatabaseUrl, type DatabaseAddress } from './database-url'
import { GuardedClient } from './guarded-client'

const CONNECTIONS_A_DATABASE = 4
const MAX_DATABASES = 16
const STATEMENT_TIMEOUT_MS = 5 * 60_000
/** For a server that doesn't answer at all any more. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 10_000
const TOO_MANY_CONNECTIONS = '53300'

/**
 * Runs `work` in one transaction of a registered database; `url` is the value of its secret. Its statements are cancelled
 * once `signal` aborts. Throws what `work` throws, or for everything that is not about its statements a DomainError:
 * `database_cannot_save` when it is full or read-only, else `database_unreachable`. When the end of the transaction was not
 * heard, it may have been committed all the same.
 */
export async function inDatabase<T>(
  { name, url, signal }: { name: string; url: string; signal: AbortSignal },
  work: (client: Queryable) => Promise<T>,
): Promise<T> {
  const address = readDatabaseUrl(name, url)
  let ours: unknown
  try {
    return await withTransaction(
      async (client) => {
        const pid = await begin(client)
        return await cancelledBy(signal, { pid, connect: () => clientOf(address) }, async () => work(client)).catch(
          (error: unknown) => {
            ours = error
            throw error
          },
        )
      },
      poolOf(address, url),
    )
  } catch (error) {
    if (error instanceof DomainError || (error === ours && !isOfDatabase(error))) throw error
    throw unreachable(name, address, error)
  }
}

/** Which process of the server runs the transaction: a pooler between us may give it another one each time. */
async function begin(client: Queryable): Promise<number> {
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pg_backend_pid() AS pid, set_config('statement_timeout', $1, true)`,
    [String(STATEMENT_TIMEOUT_MS)],
  )
  return rows[0]?.pid ?? 0
}

/** A statement that got no answer: the refusals are DomainErrors already. */
const isOfDatabase = (error: unknown): boolean =>
  error instanceof pg.DatabaseError ||
  (error instanceof Error && ('code' in error || /connection|timeout/i.test(error.message)))

/** Closes every pool, waiting for the statements in flight. */
export async function closeDatabases(): Promise<void> {
  const pools = takeProcessWide<Map<string, pg.Pool>>('databases')
  await Promise.all([...(pools?.values() ?? [])].map(async (pool) => pool.end()))
}

/** A pool for each address; a secret that was changed is another address, and the pool not used the longest goes. */
function poolOf(address: DatabaseAddress, url: string): pg.Pool {
  const pools = processWide('databases', () => new Map<string, pg.Pool>())
  const key = createHash('sha256').update(url).digest('hex')
  const pool = pools.get(key) ?? open(address)
  pools.delete(key)
  pools.set(key, pool)
  const oldest = pools.keys().next().value
  if (pools.size > MAX_DATABASES && oldest !== undefined) {
    void pools.get(oldest)?.end()
    pools.delete(oldest)
  }
  return pool
}

function open({ tls, ...address }: DatabaseAddress): pg.Pool {
  return openPool(undefined, {
    ...address,
    ssl: tls ?? false,
    max: CONNECTIONS_A_DATABASE,
    query_timeout: ANSWER_TIMEOUT_MS,
    Client: GuardedClient,
  })
}

const clientOf = ({ tls, ...address }: DatabaseAddress): pg.Client =>
  new GuardedClient({ ...address, ssl: tls ?? false, connectionTimeoutMillis: 5_000 })

function unreachable(name: string, { password, tls }: DatabaseAddress, cause: unknown): DomainError {
  const words = cause instanceof Error ? cause.message : String(cause)
  const said = password === '' ? words : words.replaceAll(password, '•••')
  const sqlstate = cause instanceof pg.DatabaseError ? (cause.code ?? null) : null
  const trouble = foreignTroubleOf(name, { sqlstate, said })
  if (trouble !== null) return new DomainError('database_cannot_save', trouble.message, { cause, hint: trouble.hint })
  const state = sqlstate === null ? '' : ` (SQLSTATE ${sqlstate})`
  if (sqlstate === TOO_MANY_CONNECTIONS) {
    return new DomainError('database_unreachable', `The database ${name} takes no more connections: ${said}${state}`, {
      cause,
      hint: `Close some that nobody uses, or raise max_connections there; each worker opens ${CONNECTIONS_A_DATABASE} at most.`,
    })
  }
  const hint =
    tls === null ? null : 'The connection is made with TLS; ?sslmode=disable in the secret is for a server without it.'
  return new DomainError('database_unreachable', `The database ${name} did not answer as it should: ${said}${state}`, {
    cause,
    ...(hint !== null && /ssl|tls|cert/i.test(said) && { hint }),
  })
}
