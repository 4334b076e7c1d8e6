import { connect, createServer, type Socket } from 'node:net'

export type FreezableProxy = {
  /** The database's URL by way of the proxy. */
  url: string
  /** From now on nothing gets through in either direction, and nobody is told: connections stay open, new ones are taken. */
  freeze(): void
  /** What was held back goes on its way, in its order. */
  thaw(): void
  close(): Promise<void>
}

/** Stands between a worker and its database. */
export async function startFreezableProxy(databaseUrl: string): Promise<FreezableProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isFrozen = false
  let heldBack: (() => void)[] = []
  const pass = (act: () => void): void => void (isFrozen ? heldBack.push(act) : act())

  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: target.hostname, port: Number(target.port), allowHalfOpen: true })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => pass(() => void (to.writable && to.write(chunk))))
      from.on('end', () => pass(() => void to.end()))
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        pass(() => void to.end())
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: Object.assign(new URL(target), { host: `127.0.0.1:${port}` }).href,
    freeze: () => void (isFrozen = true),
    thaw() {
      isFrozen = false
      const acts = heldBack
      heldBack = []
      for (const act of acts) act()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
