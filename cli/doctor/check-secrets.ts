import { existsSync } from 'node:fs'
import path from 'node:path'

import { env } from '@/server/env'
import type { Finding } from './finding'

const what = 'secrets'

/** Whether what is stored encrypted can be read. The key is looked for, never made. */
export function checkSecrets(): Finding {
  const names = [...env.SECRETS.keys()]
  const from = names.length === 0 ? 'none from the environment' : `from the environment: ${names.join(', ')}`
  if (env.PAGETURNER_SECRET_KEY !== undefined) return { what, state: 'ok', detail: `key set; ${from}` }
  if (env.NOETL_ENV === 'kubernetes') {
    const remedy = 'Set PAGETURNER_SECRET_KEY to the same random text in every process: openssl rand -base64 32.'
    return { what, state: 'bad', detail: 'PAGETURNER_SECRET_KEY is not set, and a cluster needs it', remedy }
  }
  const file = path.join(env.PAGETURNER_DATA_DIR, 'secret.key')
  const wasUsed = existsSync(path.join(env.PAGETURNER_DATA_DIR, 'postgres.json'))
  if (!existsSync(file) && wasUsed) {
    const detail = `the key file ${file} is gone; what was stored with it can't be read`
    const remedy =
      'Put it back from a backup, or set PAGETURNER_SECRET_KEY to what it held; else store the secrets anew.'
    return { what, state: 'bad', detail, remedy }
  }
  const detail = `the key is a file in ${env.PAGETURNER_DATA_DIR}; ${from}`
  if (env.DATABASE_URL === undefined) return { what, state: 'ok', detail }
  const remedy = 'With a database of your own, set PAGETURNER_SECRET_KEY, the same for every process.'
  return { what, state: 'note', detail, remedy }
}
