import { lookup } from 'node:dns/promises'
import { env } from '@/server/env'
import { createAddressGuard, type AddressGuard, type OwnEndpoint } from './address-guard'
import { parseAllowList } from './allow-list'

/** The guard of this installation: PAGETURNER_ALLOW_HOSTS and the sample API let in, database, queue and web server kept out. */
export function guardFromEnv(): AddressGuard {
  const sampleApi = ['localhost', '127.0.0.1', '[::1]'].map((host) => `${host}:${env.PAGETURNER_SAMPLE_PORT}`)
  return createAddressGuard({
    allows: parseAllowList([...env.PAGETURNER_ALLOW_HOSTS, ...sampleApi]),
    own: [
      { what: 'web server', host: env.PAGETURNER_HOST, port: env.PAGETURNER_PORT },
      ...endpoint('database', env.DATABASE_URL, 5432),
      ...endpoint('queue', env.REDIS_URL, 6379),
    ],
    lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  })
}

function endpoint(what: string, url: string | undefined, defaultPort: number): OwnEndpoint[] {
  if (url === undefined || !URL.canParse(url)) return []
  const { hostname, port } = new URL(url)
  return hostname === '' ? [] : [{ what, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || defaultPort) }]
}
