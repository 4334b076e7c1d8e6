import pg from 'pg'
import { databaseUrl, openPool } from './pool'
import { processWide, takeProcessWide } from './process-wide'
import { playbookRole, urlAs } from './role-names'

const MAX_CONNECTIONS = 5

/** Connections as the role playbooks' SQL runs under: it may create and own schemas, and can't touch noetl, bullmq or public. */
export function playbookPool(): pg.Pool {
  return processWide('playbook-pool', () =>
    openPool(urlAs(playbookRole, databaseUrl()), { max: MAX_CONNECTIONS, application_name: 'pageturner playbook' }),
  )
}

/** One more connection of that role, outside of the pool, which may be busy. */
export const playbookClient = (): pg.Client =>
  new pg.Client({
    connectionString: urlAs(playbookRole, databaseUrl()),
    application_name: 'pageturner cancel',
    connectionTimeoutMillis: 5_000,
  })

export async function closePlaybookPool(): Promise<void> {
  await takeProcessWide<pg.Pool>('playbook-pool')?.end()
}
