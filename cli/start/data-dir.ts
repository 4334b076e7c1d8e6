import { mkdirSync } from 'node:fs'
import path from 'node:path'

import { env } from '@/server/env'
import { ROOT } from '../prepare/root.mjs'

/** Where things of the running system lie. */
export type DataDir = { root: string; logs: string; postgres: string; lock: string; processes: string }

/** The data folder of the settings (a relative one lies in the project), made when missing. */
export function openDataDir(folder = env.PAGETURNER_DATA_DIR): DataDir {
  const root = path.resolve(ROOT, folder)
  const logs = path.join(root, 'logs')
  mkdirSync(logs, { recursive: true })
  return {
    root,
    logs,
    postgres: path.join(root, 'postgres'),
    lock: path.join(root, 'supervisor.lock'),
    processes: path.join(root, 'processes.json'),
  }
}
