import pg from 'pg'
import { DomainError } from '@/domain/domain-error'
import { derivePassword } from '../secrets/secret-key'
import type { Queryable } from './pool'
import { playbookRole, readerRole } from './role-names'

const { escapeIdentifier: name, escapeLiteral: literal } = pg
const INSUFFICIENT_PRIVILEGE = '42501'

/**
 * Makes the two roles that untrusted SQL runs as, with their rights and passwords. They log in by themselves, because a
 * SET ROLE can be undone from inside the SQL. Throws a DomainError with what an administrator has to run.
 */
export async function ensureRoles(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ database: string; owner: string }>(
    'SELECT current_database() AS database, current_user AS owner',
  )
  const { database = '', owner = '' } = rows[0] ?? {}
  try {
    for (const role of [playbookRole(database), readerRole(database)]) await ensureLogin(client, role)
    await client.query(rights(database, owner))
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === INSUFFICIENT_PRIVILEGE)
      throw lacksRights(database, owner, error)
    throw error
  }
}

async function ensureLogin(client: Queryable, role: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER'
  await client.query(
    `${verb} ROLE ${name(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD ${literal(derivePassword(role))}`,
  )
}

function rights(database: string, owner: string): string {
  const playbook = name(playbookRole(database))
  const reader = name(readerRole(database))
  return `
    GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${name(database)} TO ${playbook};
    GRANT CONNECT ON DATABASE ${name(database)} TO ${reader};
    GRANT USAGE ON SCHEMA noetl TO ${playbook}, ${reader};
    GRANT EXECUTE ON FUNCTION
      noetl.settle_iteration(bigint, text, integer, text, text, text, jsonb, jsonb, jsonb) TO ${playbook};
    GRANT SELECT ON ALL TABLES IN SCHEMA noetl TO ${reader};
    REVOKE ALL ON noetl.secret, noetl.webhook, noetl.notice FROM ${reader};
    GRANT ${playbook} TO ${name(owner)};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${playbook} GRANT USAGE ON SCHEMAS TO ${reader};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${playbook} GRANT SELECT ON TABLES TO ${reader};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${playbook} GRANT SELECT ON SEQUENCES TO ${reader};
    ALTER ROLE ${playbook} SET statement_timeout = '5min';
    ALTER ROLE ${playbook} SET idle_in_transaction_session_timeout = '5min';
    ALTER ROLE ${reader} SET statement_timeout = '5s';
    ALTER ROLE ${reader} SET default_transaction_read_only = on`
}

const lacksRights = (database: string, owner: string, cause: pg.DatabaseError): DomainError =>
  new DomainError(
    'unavailable',
    `The database user "${owner}" may not make the two roles that playbooks' SQL runs as (${cause.message}).`,
    {
      cause,
      hint: `An administrator runs: ALTER ROLE ${name(owner)} CREATEROLE; ALTER DATABASE ${name(database)} OWNER TO ${name(owner)};`,
    },
  )
