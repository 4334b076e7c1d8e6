import { createServer } from 'node:net'

/** True when nothing listens on the port of that address. */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })
}

/** The first free port of the address from `first` upwards. */
export async function nextFreePort(host: string, first: number): Promise<number> {
  for (let port = first; port < 65_536; port++) {
    if (await isPortFree(host, port)) return port
  }
  throw new Error(`no port from ${first} upwards is free on ${host}`)
}
