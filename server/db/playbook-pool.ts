import type pg from 'pg'

/** Connections as the role playbooks' SQL runs under: it may create and own schemas, and can't touch noetl, bullmq or public. */
export function playbookPool(): pg.Pool {
  throw new Error('not yet')
}
