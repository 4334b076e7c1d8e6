import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const LOWEST_PORT = 20_000
/** Linux's; others begin higher. */
const LOWEST_OUTGOING_PORT = 32_768
const ATTEMPTS = 100

/**
 * A TCP port of 127.0.0.1 that nobody listens on right now, below those that systems give to outgoing connections: of these
 * any connection may take one before its server binds it. Throws when no port can be had.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(LOWEST_PORT, LOWEST_OUTGOING_PORT)
    if (await isPortFree(port)) return port
  }
  throw new Error(`None of ${ATTEMPTS} ports of 127.0.0.1 could be listened on.`)
}

/** Whether nobody listens on this port of 127.0.0.1. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
