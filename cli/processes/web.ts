import { createServer, type Server } from 'node:http'

import { env } from '@/server/env'
import { ROOT } from '../prepare/root.mjs'
import { refuseOpenAddress } from './refuse-open-address'
import { refuseUnreadableAddress } from './refuse-unreadable-address'
import { untilToldToStop } from './until-told-to-stop'

/** How long answers in flight may take to end; open event streams resume by themselves elsewhere. */
const DRAIN_MS = 1_000

/** Serves the built web application until told to stop. `PAGETURNER_WEB_BUILD` names the build (next.config.js). */
export async function runWeb(): Promise<void> {
  refuseOpenAddress()
  const { default: next } = await import('next')
  const app = next({ dev: false, dir: ROOT, hostname: env.PAGETURNER_HOST, port: env.PAGETURNER_PORT })
  await app.prepare()
  const handle = app.getRequestHandler()
  const server = createServer((request, response) => {
    if (!refuseUnreadableAddress(request, response)) void handle(request, response)
  })
  await listen(server)
  await untilToldToStop()
  await drain(server)
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(env.PAGETURNER_PORT, env.PAGETURNER_HOST, resolve)
  })
}

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  })
}
