import { afterEach, describe, expect, it } from 'vitest'
import { setVariables } from './env'
import { guardRequest } from './web-guard'

const PUBLIC = 'https://pages.example.com'
afterEach(() => setVariables({ PAGETURNER_PUBLIC_URL: '' }))

const status = (host: string, { method = 'GET', origin }: { method?: string; origin?: string } = {}): number =>
  guardRequest(
    new Request('http://localhost:8420/api/executions', {
      method,
      headers: { host, 'content-type': 'application/json', ...(origin !== undefined && { origin }) },
      ...(method === 'POST' && { body: '{}' }),
    }),
  )?.status ?? 200

describe('the guard behind a reverse proxy', () => {
  it('refuses the name of the proxy until it is told of it, and says how', async () => {
    expect(status('pages.example.com')).toBe(403)
    const refused = guardRequest(new Request('http://x/', { headers: { host: 'pages.example.com' } }))
    expect(await refused?.json()).toMatchObject({ hint: expect.stringContaining('PAGETURNER_PUBLIC_URL') })
  })

  it('takes reads and changes by that name, whether the proxy keeps the Host or not', () => {
    setVariables({ PAGETURNER_PUBLIC_URL: `${PUBLIC}/` })
    expect(status('pages.example.com')).toBe(200)
    expect(status('Pages.Example.com')).toBe(200)
    expect(status('pages.example.com', { method: 'POST', origin: PUBLIC })).toBe(200)
    expect(status('localhost:8420', { method: 'POST', origin: PUBLIC })).toBe(200)
  })

  it('knows the port of a proxy that has one', () => {
    setVariables({ PAGETURNER_PUBLIC_URL: 'http://other.example:8080' })
    expect(status('other.example:8080')).toBe(200)
    expect(status('other.example')).toBe(403)
  })

  it('still refuses every other name, origin, port and scheme', () => {
    setVariables({ PAGETURNER_PUBLIC_URL: PUBLIC })
    expect(status('evil.example')).toBe(403)
    expect(status('pages.example.com:8420')).toBe(403)
    expect(status('pages.example.com.evil.example')).toBe(403)
    for (const origin of ['https://evil.example', 'http://pages.example.com', 'https://pages.example.com:444', 'null'])
      expect(status('pages.example.com', { method: 'POST', origin })).toBe(403)
  })
})
