import type pg from 'pg'
import { databaseUrl, openPool } from './pool'
import { processWide, takeProcessWide } from './process-wide'
import { readerRole, urlAs } from './role-names'

const MAX_CONNECTIONS = 3

/** Connections as the role that can only read: noetl (less secrets) and the schemas playbooks own; 5 s a statement. */
export function readerPool(): pg.Pool {
  return processWide('reader-pool', () =>
    openPool(urlAs(readerRole, databaseUrl()), { max: MAX_CONNECTIONS, application_name: 'pageturner reader' }),
  )
}

export async function closeReaderPool(): Promise<void> {
  await takeProcessWide<pg.Pool>('reader-pool')?.end()
}
