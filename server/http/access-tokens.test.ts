import { afterEach, describe, expect, it } from 'vitest'
import type { TokenRequest } from '@/domain/auth/token-request'
import { createAccessTokens, type AccessTokens } from './access-tokens'
import { sendOver } from './send-request'
import { createTestPool, startHttp } from './testing/connector'

type Asked = { authorization: string | undefined; form: Record<string, string> }
type Script = (
  asked: Asked,
  count: number,
) => { status?: number; json?: unknown; text?: string; headers?: Record<string, string> }

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of opened.splice(0).toReversed()) await thing.close()
})

/** A token endpoint that answers by a script, asked through the connector, on a clock of the test's. */
async function tokenServer(script: Script) {
  const asked: Asked[] = []
  const server = await startHttp((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(body))
      const one = { authorization: request.headers.authorization, form }
      const { status = 200, json, text, headers = {} } = script(one, asked.push(one))
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text ?? JSON.stringify(json))
    })
  })
  const pool = createTestPool()
  opened.push(server, pool)
  const clock = { now: 0 }
  const tokens: AccessTokens = createAccessTokens(
    (request) => sendOver(pool, request, { signal: new AbortController().signal }),
    () => clock.now,
  )
  const client: TokenRequest = {
    url: `${server.origin}/token`,
    clientId: 'the reader',
    clientSecret: 'hush+hush/ü',
    scope: 'read write',
    audience: 'https://api.test',
  }
  const get = async (changes: Partial<TokenRequest> = {}): Promise<string> => {
    const answer = await tokens.get({ ...client, ...changes })
    return answer.kind === 'token' ? answer.token : `${answer.kind}: ${answer.message}`
  }
  return { asked, clock, tokens, client, get, origin: server.origin }
}

const numbered: Script = (_asked, count) => ({
  json: { access_token: `t${count}`, token_type: 'Bearer', expires_in: 600 },
})

describe('access tokens', () => {
  it('are asked for as RFC 6749 has it, id and secret encoded before they are joined', async () => {
    const { get, asked } = await tokenServer(numbered)
    expect(await get()).toBe('t1')
    const login = Buffer.from('the+reader:hush%2Bhush%2F%C3%BC').toString('base64')
    expect(asked).toEqual([
      {
        authorization: `Basic ${login}`,
        form: { grant_type: 'client_credentials', scope: 'read write', audience: 'https://api.test' },
      },
    ])
  })

  it('are one request for all who want the same at once, and one a client', async () => {
    const { get, asked } = await tokenServer(numbered)
    expect(new Set(await Promise.all(Array.from({ length: 50 }, async () => get())))).toEqual(new Set(['t1']))
    expect(await get({ scope: 'admin' })).toBe('t2')
    expect(await get()).toBe('t1')
    expect(asked).toHaveLength(2)
  })

  it('are fetched anew a minute before they expire, and a fifth of a short life before', async () => {
    const { get, clock } = await tokenServer(numbered)
    expect(await get()).toBe('t1')
    clock.now = 539_000
    expect(await get()).toBe('t1')
    clock.now = 541_000
    expect(await get()).toBe('t2')

    const short = await tokenServer((_asked, count) => ({ json: { access_token: `s${count}`, expires_in: '10' } }))
    expect(await short.get()).toBe('s1')
    short.clock.now = 7_900
    expect(await short.get()).toBe('s1')
    short.clock.now = 8_100
    expect(await short.get()).toBe('s2')
  })

  it('that still live are used on while the server has no new one to give', async () => {
    const { get, asked, clock } = await tokenServer((one, count) => {
      if (count === 1) return numbered(one, count)
      return count === 3 ? { status: 429, text: '', headers: { 'retry-after': '20' } } : { status: 503, text: 'busy' }
    })
    expect(await get()).toBe('t1')
    for (const now of [545_000, 550_000, 560_000, 569_000]) {
      clock.now = now
      expect(await get()).toBe('t1')
    }
    expect(asked).toHaveLength(3)
    clock.now = 600_000
    expect(await get()).toMatch(/^unavailable: /)
  })

  it('without expires_in live until they are refused', async () => {
    const { get, clock, tokens, client } = await tokenServer((_asked, count) => ({
      json: { access_token: `t${count}` },
    }))
    expect(await get()).toBe('t1')
    clock.now = 1e12
    expect(await get()).toBe('t1')
    tokens.refuse(client, 't1')
    expect(await get()).toBe('t2')
    tokens.refuse(client, 't1')
    expect(await get()).toBe('t2')
  })

  it('that are refused as soon as they are there are not asked for again and again, but every half minute', async () => {
    const { get, asked, clock, tokens, client } = await tokenServer(numbered)
    expect(await get()).toBe('t1')
    expect(tokens.refuse(client, 't1')).toBe(true)
    expect(await get()).toBe('t2')
    for (const at of [0, 1, 10_000, 29_999]) {
      clock.now = at
      expect(tokens.refuse(client, 't2')).toBe(false)
      expect(await get()).toBe('t2')
    }
    // An answer to an earlier one comes late: the newest may be better.
    expect(tokens.refuse(client, 't1')).toBe(true)
    clock.now = 30_001
    expect(tokens.refuse(client, 't2')).toBe(true)
    expect(await get()).toBe('t3')
    expect(tokens.refuse(client, 't3')).toBe(false)
    expect(asked).toHaveLength(3)
    expect(tokens.refuse({ ...client, scope: null }, 't3')).toBe(true)
  })

  it.each(['bearer', 'BEARER', 'BearerToken'])('are bearer tokens by the type %s', async (token_type) => {
    const { get } = await tokenServer(() => ({ json: { access_token: 't', token_type } }))
    expect(await get()).toBe('t')
  })

  it('that were taken before they are refused are replaced at once, each time', async () => {
    const { get, tokens, client } = await tokenServer(numbered)
    for (const token of ['t1', 't2', 't3']) {
      expect(await get()).toBe(token)
      tokens.accept(client, token)
      expect(tokens.refuse(client, token)).toBe(true)
    }
  })

  it('of a server that wants the client in the body are asked for that way, from then on at once', async () => {
    const { get, asked, tokens, client } = await tokenServer(({ form }, count) =>
      form['client_secret'] === 'hush+hush/ü'
        ? { json: { access_token: `t${count}` } }
        : { status: 401, json: { error: 'invalid_client' } },
    )
    expect(await get()).toBe('t2')
    tokens.refuse(client, 't2')
    expect(await get()).toBe('t3')
    expect(asked.map(({ authorization }) => authorization !== undefined)).toEqual([true, false, false])
  })

  it('of such a server are not refused for good when it is away just then', async () => {
    const { get } = await tokenServer(({ form }, count) => {
      if (form['client_secret'] === undefined) return { status: 401, json: { error: 'invalid_client' } }
      return count === 2 ? { status: 503, text: 'busy' } : { json: { access_token: `t${count}` } }
    })
    expect(await get()).toMatch(/^unavailable: .* answered 503$/)
    expect(await get()).toBe('t4')
  })

  it('that were not given are asked for again the next time', async () => {
    const { get, asked } = await tokenServer((_asked, count) =>
      count === 1 ? { status: 503, text: 'busy' } : { json: { access_token: 't' } },
    )
    expect(await get()).toMatch(/^unavailable: .* answered 503$/)
    expect(await get()).toBe('t')
    expect(asked).toHaveLength(2)
  })

  it('are not asked for again before the time the server gives', async () => {
    const { tokens, client, asked, clock } = await tokenServer((_asked, count) =>
      count === 1
        ? { status: 429, text: 'slow down', headers: { 'retry-after': '7' } }
        : { json: { access_token: 't' } },
    )
    const reason = 'Retry-After: 7 of the token endpoint'
    expect(await tokens.get(client)).toMatchObject({ kind: 'unavailable', wait: { delayMs: 7_000, reason } })
    clock.now = 4_000
    expect(await tokens.get(client)).toMatchObject({ kind: 'unavailable', wait: { delayMs: 3_000, reason } })
    expect(asked).toHaveLength(1)
    clock.now = 7_000
    expect(await tokens.get(client)).toMatchObject({ kind: 'token', token: 't' })
    expect(asked).toHaveLength(2)
  })

  it.each<[string, ReturnType<Script>, RegExp]>([
    [
      'says no',
      { status: 400, json: { error: 'invalid_scope', error_description: 'no such scope' } },
      /^refused: .* answered 400: invalid_scope, no such scope$/,
    ],
    ['answers a page', { text: '<html>' }, /^refused: .* answered 200 with no access_token$/],
    ['gives a token no header can carry', { json: { access_token: 'a\nb' } }, /with no access_token$/],
    ['gives a token of another kind', { json: { access_token: 'a', token_type: 'mac' } }, /no bearer token$/],
    ['has too much to do', { status: 429, text: 'slow down' }, /^unavailable: .* answered 429$/],
  ])('are refused or not there when the server %s', async (_name, answer, message) => {
    const { get } = await tokenServer(() => answer)
    expect(await get()).toMatch(message)
  })

  it('are not there while the server is away, and refused where the guard forbids the address', async () => {
    const { get } = await tokenServer(numbered)
    expect(await get({ url: 'http://localhost:1/token' })).toMatch(/^unavailable: /)
    expect(await get({ url: 'http://169.254.169.254/token' })).toMatch(/^refused: /)
  })
})
