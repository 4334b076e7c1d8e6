import path from 'node:path'

import { migrateDatabase } from '@/server/db/migrate'
import { closePool } from '@/server/db/pool'
import { env } from '@/server/env'
import { registerShippedPlaybooks } from '@/server/playbooks/register-shipped-playbooks'
import { migrateQueue } from '@/server/queue/connection'
import { PlainError } from '../prepare/plain-error.mjs'
import { withProgress } from '../prepare/progress.mjs'
import { ROOT } from '../prepare/root.mjs'

/** Brings the database and the queue to this version's form and registers the playbooks that come with Pageturner. */
export async function migrateEverything(): Promise<void> {
  const { DATABASE_URL } = env
  if (DATABASE_URL === undefined) throw new PlainError('DATABASE_URL is not set.', 'Set it, or use npm start.')
  await withProgress('Bringing the database up to date', async () => {
    await migrateDatabase(DATABASE_URL)
    await migrateQueue()
    await registerShippedPlaybooks(path.join(ROOT, 'playbooks'))
    // The supervisor needs no connection from here on; whoever does opens its own.
    await closePool()
  })
}
