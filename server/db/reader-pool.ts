import type pg from 'pg'

/** Connections as the role that can only read: noetl (less secrets) and the schemas playbooks own; 5 s a statement. */
export function readerPool(): pg.Pool {
  throw new Error('not yet')
}
