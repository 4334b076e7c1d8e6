import { env } from '@/server/env'
import { isPortFree } from '../start/ports'
import type { Finding } from './finding'

/** The ports that `npm start` listens on: free before it, in use while it runs. `webPort`: where the one that runs answers, which may have been started with other settings. */
export async function checkPorts(running: boolean, webPort = env.PAGETURNER_PORT): Promise<Finding[]> {
  const ports = [
    { name: 'PAGETURNER_PORT', host: env.PAGETURNER_HOST, port: webPort },
    { name: 'PAGETURNER_SAMPLE_PORT', host: '127.0.0.1', port: env.PAGETURNER_SAMPLE_PORT },
  ]
  const findings = ports.map(async ({ name, host, port }): Promise<Finding> => {
    const what = 'port'
    if (await isPortFree(host, port)) {
      if (!running) return { what, state: 'ok', detail: `${port} is free` }
      return { what, state: 'note', detail: `${port} (${name}) is not in use` }
    }
    if (running) return { what, state: 'ok', detail: `${port} is in use` }
    return {
      what,
      state: 'bad',
      detail: `${port} is taken by another program`,
      remedy: `Stop that program, or: ${name}=${port + 1} npm start`,
    }
  })
  return Promise.all(findings)
}
