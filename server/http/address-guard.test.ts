import { describe, expect, it } from 'vitest'
import { createAddressGuard } from './address-guard'
import { parseAllowList } from './allow-list'

const NAMES: Record<string, string[]> = {
  'api.example': ['93.184.216.34', '2606:4700:4700::1111'],
  'inside.example': ['10.0.0.5'],
  'half.example': ['93.184.216.34', '127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  localhost: ['::1', '127.0.0.1'],
}

const guard = createAddressGuard({
  allows: parseAllowList([
    'inside.example:8080',
    'localhost:*',
    '127.0.0.1:*',
    '[::1]:5000',
    'metadata.example:*',
    '169.254.169.254:*',
    '10.1.1.1:80',
  ]),
  own: [
    { what: 'database', host: '127.0.0.1', port: 5432 },
    { what: 'queue', host: '10.1.1.1', port: 80 },
    { what: 'web server', host: '0.0.0.0', port: 8420 },
  ],
  lookup: async (host) => NAMES[host] ?? [],
})

/** The host as it comes out of a URL. */
const resolve = (url: string) => {
  const { hostname, port } = new URL(url)
  return guard.resolve(hostname.replace(/^\[|\]$/g, ''), Number(port || 80))
}

describe('the guard of outbound connections', () => {
  it.each([
    ['http://api.example/', ['93.184.216.34', '2606:4700:4700::1111']],
    ['http://inside.example:8080/', ['10.0.0.5']],
    ['http://LOCALHOST:9000/', ['::1', '127.0.0.1']],
    ['http://2130706433:9000/', ['127.0.0.1']],
    ['http://[::1]:5000/', ['::1']],
    ['http://8.8.8.8/', ['8.8.8.8']],
  ])('lets %s through, pinned to the addresses it checked', async (url, addresses) => {
    expect(await resolve(url)).toEqual(addresses)
  })

  it.each([
    ['http://inside.example/', 'add inside.example:80 to PAGETURNER_ALLOW_HOSTS'],
    ['http://inside.example:8081/', 'add inside.example:8081 to PAGETURNER_ALLOW_HOSTS'],
    ['http://half.example/', 'half.example:80 leads to 127.0.0.1, which is not a public address'],
    ['http://10.0.0.5:8080/', 'add 10.0.0.5:8080 to PAGETURNER_ALLOW_HOSTS'],
    ['http://0x0a000005/', 'add 10.0.0.5:80 to PAGETURNER_ALLOW_HOSTS'],
    ['http://012.0.0.5/', 'add 10.0.0.5:80 to PAGETURNER_ALLOW_HOSTS'],
    ['http://[::1]:5001/', 'add [::1]:5001 to PAGETURNER_ALLOW_HOSTS'],
    ['http://[::ffff:10.0.0.5]/', 'not a public address'],
    ['http://[::ffff:a9fe:a9fe]/', 'stays closed'],
    ['http://metadata.example/', 'stays closed'],
    ['http://169.254.169.254/', 'stays closed'],
    ['http://2852039166/', 'stays closed'],
    ['http://0.0.0.0:9000/', 'stays closed'],
    ['http://127.0.0.1:5432/', "Pageturner's own database"],
    ['http://localhost:5432/', "Pageturner's own database"],
    ['http://127.0.0.2:5432/', "Pageturner's own database"],
    ['http://10.1.1.1/', "Pageturner's own queue"],
    ['http://localhost:8420/', "Pageturner's own web server"],
  ])('refuses %s and says why', async (url, message) => {
    await expect(resolve(url)).rejects.toMatchObject({
      failure: 'address_denied',
      message: expect.stringContaining(message),
    })
  })

  it('checks where the socket really arrived', async () => {
    const target = { host: 'api.example', port: 80, pinned: ['93.184.216.34'] }
    await expect(guard.checkRemote({ ...target, remote: '93.184.216.34' })).resolves.toBeUndefined()
    await expect(guard.checkRemote({ ...target, remote: '::ffff:93.184.216.34' })).resolves.toBeUndefined()
    await expect(guard.checkRemote({ ...target, remote: '127.0.0.1' })).rejects.toMatchObject({
      failure: 'address_denied',
    })
    await expect(guard.checkRemote({ ...target, remote: undefined })).rejects.toMatchObject({ failure: 'network' })
    const rebound = { ...target, pinned: ['127.0.0.1'], remote: '127.0.0.1' }
    await expect(guard.checkRemote(rebound)).rejects.toMatchObject({ failure: 'address_denied' })
  })

  it.each(['localhost', 'http://localhost:80', 'a b:80', 'host:0', 'host:65536', 'host:x', ':80', '::1:80', ''])(
    'does not accept "%s" as an entry of the setting',
    (entry) => {
      expect(() => parseAllowList([entry])).toThrow('PAGETURNER_ALLOW_HOSTS')
    },
  )
})
