import path from 'node:path'

import { readyAnswerSchema } from '@/domain/api/system'
import { env } from '@/server/env'
import type { Finding } from './finding'

const ANSWER_MS = 10_000

/** Database, queue and worker, as the server itself sees them; null when no server answers at this address. */
export async function askServer(server: string): Promise<Finding[] | null> {
  try {
    const response = await fetch(`${server}/api/ready`, { signal: AbortSignal.timeout(ANSWER_MS) })
    const { checks } = readyAnswerSchema.parse(await response.json())
    const logs = `Look into ${path.join(env.PAGETURNER_DATA_DIR, 'logs')}, or restart: npm start`
    return [
      { what: 'server', state: 'ok', detail: server },
      ...checks.map(({ part, ok, detail, remedy }): Finding =>
        ok ? { what: part, state: 'ok', detail } : { what: part, state: 'bad', detail, remedy: remedy ?? logs },
      ),
    ]
  } catch {
    return null
  }
}

/** What there is to say when none answers. */
export const noServer = (server: string): Finding => ({
  what: 'server',
  state: 'bad',
  detail: `none answers at ${server}`,
  remedy: 'Start it: npm start (everything), or npx pageturner web where database and workers run already.',
})
