import path from 'node:path'

import { env } from '@/server/env'
import { readHolder } from '../prepare/lock.mjs'
import { ROOT } from '../prepare/root.mjs'
import { localAddress } from '../start/wait-until-healthy'

/** The server a command talks to when none is named: the one that runs from this folder, else where one would be. */
export function localServer(): string {
  const holder = readHolder(path.resolve(ROOT, env.PAGETURNER_DATA_DIR, 'supervisor.lock'))
  return holder?.url ?? localAddress()
}
