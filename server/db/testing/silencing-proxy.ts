import { connect, createServer, type Socket } from 'node:net'

export type SilencingProxy = { url: string; silence(): void; speak(): void; close(): void }

/**
 * Stands before a database or a queue; silenced, it takes what comes, hands nothing on and closes nothing. What was
 * connected until it speaks again stays lost, as behind a router that has forgotten its connections.
 */
export async function silencingProxy(to: URL): Promise<SilencingProxy> {
  const sockets = new Set<Socket>()
  const lose = new Set<() => void>()
  let silent = false
  const server = createServer((near) => {
    let lost = silent
    lose.add(() => (lost = true))
    const far = connect(Number(to.port), to.hostname)
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => void (lost || into.write(chunk)))
      from.on('error', () => undefined)
      from.on('close', () => into.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: Object.assign(new URL(to), { port: String(port) }).href,
    silence() {
      silent = true
      for (const forget of lose) forget()
    },
    speak: () => (silent = false),
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
