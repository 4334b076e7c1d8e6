import { createServer, type Server } from 'node:http'

import { env } from '@/server/env'
import { PlainError } from '../prepare/plain-error.mjs'
import { ROOT } from '../prepare/root.mjs'
import { untilToldToStop } from './until-told-to-stop'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/
/** How long answers in flight may take to end; open event streams resume by themselves elsewhere. */
const DRAIN_MS = 1_000

/** Serves the built web application until told to stop. `PAGETURNER_WEB_BUILD` names the build (next.config.js). */
export async function runWeb(): Promise<void> {
  refuseOpenAddress()
  const { default: next } = await import('next')
  const app = next({ dev: false, dir: ROOT, hostname: env.PAGETURNER_HOST, port: env.PAGETURNER_PORT })
  await app.prepare()
  const handle = app.getRequestHandler()
  const server = createServer((request, response) => void handle(request, response))
  await listen(server)
  await untilToldToStop()
  await drain(server)
}

function refuseOpenAddress(): void {
  if (LOOPBACK.test(env.PAGETURNER_HOST)) return
  throw new PlainError(
    `PAGETURNER_HOST=${env.PAGETURNER_HOST} would open Pageturner to the network, and this version has no accounts.`,
    'Leave it at 127.0.0.1, and put a reverse proxy that asks for a login in front of it.',
  )
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
