import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer as createTcp } from 'node:net'
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { CERTIFICATE, CERTIFICATE_KEY } from './testing/certificate'
import { sendOver } from './send-request'
import { closeAfterEach } from './testing/close-after-each'
import {
  createTestPool,
  failureOf,
  listen,
  requestFor,
  responseOf,
  startHttp,
  type TestServer,
} from './testing/connector'

vi.setConfig({ testTimeout: 60_000 })

const never = new AbortController().signal
const keep = closeAfterEach()
const http = async (listener: Parameters<typeof startHttp>[0]) => keep(await startHttp(listener))
const tcp = async (answer: string | Buffer | null, onRequest?: () => void) =>
  keep(
    await listen(
      createTcp((socket) => {
        socket.on('error', () => undefined)
        socket.on('data', () => {
          onRequest?.()
          if (answer === null) socket.resetAndDestroy()
          else socket.end(answer)
        })
      }),
      'http',
    ),
  )
const pool = (options: Parameters<typeof createTestPool>[0] = {}) => keep(createTestPool(options))
const send = (
  url: string,
  changes: Parameters<typeof requestFor>[1] = {},
  options: Parameters<typeof createTestPool>[0] = {},
) => sendOver(pool(options), requestFor(url, changes), { signal: never })

const took = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** What nothing refers to any more is not taken for what the next lines need. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}

describe('a request and its answer', () => {
  it('sends method, path, headers and body, and reads status, headers and text', async () => {
    let seen: Pick<IncomingMessage, 'method' | 'url' | 'headers'> | undefined
    let sent = ''
    const server = await http((request, response) => {
      seen = { method: request.method, url: request.url, headers: request.headers }
      request.on('data', (chunk) => (sent += String(chunk)))
      request.on('end', () => {
        response.writeHead(404, {
          'Content-Type': 'application/json',
          'Set-Cookie': ['a=1', 'b=2'],
          Link: ['<a>; rel=next', '<b>; rel=prev'],
        })
        response.end('{"n":9007199254740993}')
      })
    })
    const outcome = await send(`${server.origin}/a%20b?q=1&q=2`, {
      method: 'POST',
      headers: { 'X-One': '1' },
      body: '{"é":1}',
    })
    expect(outcome).toMatchObject({
      kind: 'response',
      response: {
        status: 404,
        text: '{"n":9007199254740993}',
        bytes: 22,
        url: `${server.origin}/a%20b?q=1&q=2`,
        credentialsStripped: false,
      },
    })
    expect(responseOf(outcome).headers).toMatchObject({ link: '<a>; rel=next, <b>; rel=prev' })
    expect(responseOf(outcome).headers).not.toHaveProperty('set-cookie')
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/a%20b?q=1&q=2',
      headers: { 'x-one': '1', 'content-length': '8', host: `localhost:${server.port}`, 'user-agent': 'Pageturner' },
    })
    expect(sent).toBe('{"é":1}')
  })

  it('can send a body with GET, as search APIs ask for', async () => {
    const server = await http((request, response) => {
      request.pipe(response)
    })
    expect(responseOf(await send(server.origin, { body: '{"query":1}' })).text).toBe('{"query":1}')
  })

  it('reuses the connection and reports what opening it cost only once', async () => {
    const server = await http((_request, response) => response.end('{}'))
    const shared = pool()
    const outcomes = []
    for (let page = 1; page <= 20; page += 1)
      outcomes.push(await sendOver(shared, requestFor(`${server.origin}/?page=${page}`), { signal: never }))
    expect(server.connections()).toBe(1)
    const connects = outcomes.map((outcome) => (outcome.kind === 'response' ? outcome.timing.connectMs : -1))
    expect(connects[0]).toBeGreaterThan(0)
    expect(connects.slice(1)).toEqual(Array(19).fill(0))
  })

  it('takes as many connections as there are requests at once', async () => {
    const server = await http((_request, response) => setTimeout(() => response.end('{}'), 30))
    const shared = pool()
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => sendOver(shared, requestFor(server.origin), { signal: never })),
    )
    expect(server.connections()).toBe(8)
    for (const outcome of outcomes)
      expect(outcome.kind === 'response' && outcome.timing.connectMs > 0 && outcome.timing.waitMs >= 25).toBe(true)
  })

  it('lets requests wait where an origin has 256 connections, and drops those given up meanwhile', async () => {
    let requests = 0
    const server = await http((_request, response) => {
      requests += 1
      setTimeout(() => response.end('{}'), 100)
    })
    const shared = pool()
    const all = Array.from({ length: 300 }, () => sendOver(shared, requestFor(server.origin), { signal: never }))
    const controller = new AbortController()
    const givenUp = sendOver(shared, requestFor(server.origin), { signal: controller.signal })
    controller.abort()
    expect(failureOf(await givenUp).failure).toBe('aborted')
    for (const outcome of await Promise.all(all)) expect(responseOf(outcome).status).toBe(200)
    expect([requests, server.connections()]).toEqual([300, 256])
  })

  it('opens a new connection when the server closed the idle one', async () => {
    let requests = 0
    let closed: Promise<unknown> = Promise.resolve()
    const server = await http((request, response) => {
      requests += 1
      closed = once(request.socket, 'close')
      response.end('{}')
      setTimeout(() => request.socket.destroy(), 5)
    })
    const shared = pool()
    for (let page = 1; page <= 3; page += 1) {
      expect(responseOf(await sendOver(shared, requestFor(server.origin), { signal: never })).status).toBe(200)
      await closed
      // The other end hears of it in a turn that looks at sockets, which a late timer alone may come before.
      await delay(30)
      for (let turn = 0; turn < 3; turn += 1) await nextTurn()
    }
    expect([requests, server.connections()]).toEqual([3, 3])
  })

  it('is not sent over a connection that the server may be closing just then', async () => {
    const closing = keep(
      await listen(
        createTcp((socket) => {
          let since = performance.now()
          socket.on('error', () => undefined)
          socket.on('data', () => {
            if (performance.now() - since > 1_900) return socket.resetAndDestroy()
            since = performance.now()
            return socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
          })
        }),
        'http',
      ),
    )
    const patient = await http((_request, response) => response.writeHead(200, { 'keep-alive': 'timeout=9' }).end('{}'))
    const shared = pool()
    for (let page = 1; page <= 2; page += 1) {
      for (const { origin } of [closing, patient]) {
        const outcome = await sendOver(shared, requestFor(origin, { method: 'POST', body: '{}' }), { signal: never })
        expect(responseOf(outcome).status).toBe(200)
      }
      if (page === 1) await delay(2_000)
    }
    expect([closing.connections(), patient.connections()]).toEqual([2, 1])
  })

  it.each([
    ['gzip', gzipSync('{"a":"ü"}')],
    ['deflate', deflateSync('{"a":"ü"}')],
    ['deflate', deflateRawSync('{"a":"ü"}')],
    ['br', brotliCompressSync('{"a":"ü"}')],
    ['gzip, br', brotliCompressSync(gzipSync('{"a":"ü"}'))],
    ['identity', Buffer.from('{"a":"ü"}')],
  ])('undoes Content-Encoding %s', async (coding, body) => {
    const server = await http((_request, response) => response.writeHead(200, { 'content-encoding': coding }).end(body))
    const response = responseOf(await send(server.origin))
    expect(response).toMatchObject({ text: '{"a":"ü"}', bytes: 10 })
    expect(Buffer.from(response.utf8 ?? []).toString()).toBe(response.text)
  })

  it.each([
    ['application/json; charset=ISO-8859-1', Buffer.from('caf\xe9', 'latin1'), 'café'],
    ['text/plain; charset="windows-1252"', Buffer.from([0x80, 0x31]), '€1'],
    ['application/json;charset=UTF-16LE', Buffer.from('"ü"', 'utf16le'), '"ü"'],
    ['application/json', Buffer.from('\uFEFF{"a":1}'), '{"a":1}'],
    ['application/json; charset=latin1', Buffer.from('\uFEFF"é"'), '"é"'],
    ['application/json', Buffer.from([0xff, 0xfe, 0x31, 0x00]), '1'],
    ['', Buffer.from('"\\u0000 日本"'), '"\\u0000 日本"'],
    ['text/html', Buffer.from('<html>no JSON</html>'), '<html>no JSON</html>'],
  ])('decodes %s', async (contentType, body, text) => {
    const server = await http((_request, response) =>
      response.writeHead(200, contentType ? { 'content-type': contentType } : {}).end(body),
    )
    const response = responseOf(await send(server.origin))
    expect(response.text).toBe(text)
    // Bytes of another charset are not the text's.
    if (response.utf8 !== undefined) expect(Buffer.from(response.utf8).toString()).toBe(text)
  })

  it('reads no body for HEAD and 204', async () => {
    const server = await http((request, response) => {
      response
        .writeHead(request.method === 'HEAD' ? 200 : 204, {
          'content-encoding': 'gzip',
          ...(request.method === 'HEAD' ? { 'content-length': '99999999' } : {}),
        })
        .end()
    })
    expect(responseOf(await send(server.origin, { method: 'HEAD' }))).toMatchObject({ status: 200, text: '', bytes: 0 })
    expect(responseOf(await send(server.origin))).toMatchObject({ status: 204, text: '' })
  })
})

it('takes a 304 for an answer, though it names the length of a body', async () => {
  const server = await http((_request, response) =>
    response.writeHead(304, { 'content-length': '500', etag: '"1"' }).end(),
  )
  const shared = pool()
  for (let page = 1; page <= 2; page += 1) {
    const response = responseOf(await sendOver(shared, requestFor(server.origin), { signal: never }))
    expect(response).toMatchObject({ status: 304, text: '', headers: { etag: '"1"' } })
  }
})

describe('a response that can not be read', () => {
  it.each([
    ['application/json', undefined, Buffer.from([0x22, 0xff, 0x22]), 'not valid UTF-8'],
    ['application/json; charset=klingon', undefined, Buffer.from('1'), 'klingon'],
    ['application/json', 'compress', Buffer.from('1'), 'compress'],
    ['application/json', 'gzip', Buffer.from('plain'), 'not valid gzip'],
    ['application/json', 'gzip', gzipSync('a'.repeat(500)).subarray(0, 20), 'not valid gzip'],
    ['application/json', 'gzip, gzip, gzip, gzip', Buffer.from('x'), '4 times'],
  ])('%s %s fails as decode and says why', async (contentType, coding, body, message) => {
    const server = await http((_request, response) =>
      response
        .writeHead(200, { 'content-type': contentType, ...(coding ? { 'content-encoding': coding } : {}) })
        .end(body),
    )
    expect(failureOf(await send(server.origin))).toMatchObject({
      failure: 'decode',
      message: expect.stringContaining(message),
    })
  })

  it('stops a gzip bomb at the cap, with little memory', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000), { level: 9 })
    expect(bomb.length).toBeLessThan(210_000)
    const server = await http((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
    const whole = await took(async () => gunzipSync(bomb))
    collectGarbage()
    const before = process.memoryUsage().rss
    const tries: number[] = []
    for (let n = 0; n < 3; n += 1) {
      tries.push(
        await took(async () =>
          expect(failureOf(await send(server.origin))).toMatchObject({ failure: 'response_too_large' }),
        ),
      )
      // Half of what the whole of it takes.
      expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
    }
    // The cap is a two-hundredth of it: the fastest of three, for a machine that is busy.
    expect(Math.min(...tries)).toBeLessThan(whole)
  })

  it('refuses an announced size at once and an unannounced one at the cap', async () => {
    let written = 0
    const server = await http((request, response) => {
      if (request.url === '/announced') return response.writeHead(200, { 'content-length': '2000000' }).write('x')
      const timer = setInterval(() => {
        written += 100_000
        response.write('y'.repeat(100_000))
      }, 1)
      return response.on('close', () => clearInterval(timer))
    })
    expect(failureOf(await send(`${server.origin}/announced`))).toMatchObject({
      failure: 'response_too_large',
      message: expect.stringContaining('2000000 bytes'),
    })
    expect(failureOf(await send(`${server.origin}/endless`))).toMatchObject({ failure: 'response_too_large' })
    expect(written).toBeLessThan(5_000_000)
  })
})

describe('a connection that fails', () => {
  it('that was refused asks whether the API is running', async () => {
    const server = await startHttp(() => undefined)
    await server.close()
    expect(failureOf(await send(server.origin))).toEqual({
      failure: 'network',
      code: 'ECONNREFUSED',
      message: `connection to ${server.origin} refused; is the API running?`,
    })
  })

  it('that was reset is a network failure after exactly one request', async () => {
    let requests = 0
    const server = await tcp(null, () => (requests += 1))
    expect(failureOf(await send(server.origin))).toMatchObject({ failure: 'network', code: 'ECONNRESET' })
    expect([requests, server.connections()]).toEqual([1, 1])
  })

  it('that is reset on reuse is not used for a second try', async () => {
    let requests = 0
    const server = await http((_request, response) => {
      requests += 1
      if (requests === 1) response.end('{}')
      else response.socket?.resetAndDestroy()
    })
    const shared = pool()
    expect(responseOf(await sendOver(shared, requestFor(server.origin), { signal: never })).status).toBe(200)
    expect(failureOf(await sendOver(shared, requestFor(server.origin), { signal: never }))).toMatchObject({
      failure: 'network',
      code: 'ECONNRESET',
    })
    expect(requests).toBe(2)
  })

  it.each([
    ['a truncated body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":', 'ECONNRESET'],
    ['a truncated chunked body', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n', 'ECONNRESET'],
    ['no answer at all', '', 'ECONNRESET'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'HPE_INVALID_RESPONSE'],
  ])('with %s gives no response', async (_case, answer, code) => {
    const server = await tcp(answer)
    expect(failureOf(await send(server.origin))).toMatchObject({
      failure: 'network',
      code,
      message: expect.stringContaining(server.origin),
    })
  })

  it('is told by name when the host does not exist', async () => {
    const lookup = async () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }))
    expect(failureOf(await send('http://nowhere.example/', {}, { lookup }))).toEqual({
      failure: 'network',
      code: 'ENOTFOUND',
      message: 'the host name of http://nowhere.example does not exist',
    })
  })

  it('takes the next address when the first one refuses', async () => {
    const server = await http((_request, response) => response.end('{}'))
    expect(responseOf(await send(server.origin, {}, { lookup: async () => ['::1', '127.0.0.1'] })).status).toBe(200)
  })

  it('that gives no answer times out', async () => {
    const server = await http(() => undefined)
    expect(failureOf(await send(server.origin, { timeoutMs: 60 }))).toMatchObject({
      failure: 'timeout',
      code: 'TIMEOUT',
      message: expect.stringContaining('no answer within 0.06 s'),
    })
  })

  it('that drips runs into the idle timeout between two parts, and into the total one when it never stops', async () => {
    const server = await http((request, response) => {
      response.write('{')
      const timer = setInterval(() => response.write(' '), request.url === '/slow' ? 300 : 20)
      response.on('close', () => clearInterval(timer))
    })
    expect(failureOf(await send(`${server.origin}/slow`, { idleTimeoutMs: 80 }))).toMatchObject({
      failure: 'timeout',
      code: 'IDLE_TIMEOUT',
    })
    expect(failureOf(await send(`${server.origin}/steady`, { idleTimeoutMs: 800, timeoutMs: 2_000 }))).toMatchObject({
      failure: 'timeout',
      code: 'TIMEOUT',
      message: expect.stringContaining('not finished'),
    })
  })

  it('has all the time it was given, a month of it as well', async () => {
    const server = await http((_request, response) => {
      response.writeHead(200).write('1')
      setTimeout(() => response.end('2'), 50)
    })
    const timeoutMs = 31 * 24 * 3600 * 1000
    expect(responseOf(await send(server.origin, { timeoutMs, idleTimeoutMs: timeoutMs })).text).toBe('12')
  })

  it('is given up on the abort signal, before, while waiting for a connection, and during the body', async () => {
    const server = await http((_request, response) => response.write('{'))
    const shared = pool({
      lookup: (host) => (host === 'localhost' ? Promise.resolve(['127.0.0.1']) : new Promise(() => undefined)),
    })
    const abortedAfter = async (url: string, ms: number) => {
      const controller = new AbortController()
      if (ms === 0) controller.abort()
      else setTimeout(() => controller.abort(), ms)
      return failureOf(await sendOver(shared, requestFor(url), { signal: controller.signal })).failure
    }
    expect(await abortedAfter(server.origin, 0)).toBe('aborted')
    expect(server.connections()).toBe(0)
    expect(await abortedAfter(server.origin, 50)).toBe('aborted')
    expect(await abortedAfter('http://slow-name.example/', 20)).toBe('aborted')
  })
})

describe('where a request may go', () => {
  it('checks the address behind the name at every new connection, so a name that changes its mind is caught', async () => {
    const server = await http((_request, response) => response.writeHead(200, { connection: 'close' }).end('{}'))
    const answers = [['127.0.0.1'], ['127.0.0.1', '169.254.169.254']]
    const shared = pool({ allow: ['rebind.example:*'], lookup: async () => answers.shift() ?? [] })
    const url = `http://rebind.example:${server.port}/`
    expect(responseOf(await sendOver(shared, requestFor(url), { signal: never })).status).toBe(200)
    expect(failureOf(await sendOver(shared, requestFor(url), { signal: never }))).toMatchObject({
      failure: 'address_denied',
      message: expect.stringContaining('169.254.169.254'),
    })
    expect(server.connections()).toBe(1)
  })

  it.each([
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://0x7f.1:PORT/',
    'http://127.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://localhost.:PORT/',
    'http://①②⑦.0.0.1:PORT/',
  ])('never connects to %s without an exception', async (template) => {
    const server = await http((_request, response) => response.end('{}'))
    const outcome = await send(template.replace('PORT', String(server.port)), {}, { allow: [] })
    expect(failureOf(outcome)).toMatchObject({
      failure: 'address_denied',
      message: expect.stringContaining('PAGETURNER_ALLOW_HOSTS'),
    })
    expect(server.connections()).toBe(0)
  })

  it('checks the target of a redirect like any other', async () => {
    const server = await http((_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
    )
    const outcome = await send(server.origin, { crossOrigin: ['http://169.254.169.254'] })
    expect(failureOf(outcome)).toMatchObject({ failure: 'address_denied' })
  })

  it.each([
    ['not a url', {}],
    ['/relative', {}],
    ['ftp://host/', {}],
    ['file:///etc/passwd', {}],
    ['http://me:pw@localhost/', {}],
    ['http://localhost/', { Host: 'evil' }],
    ['http://localhost/', { 'content-length': '3' }],
    ['http://localhost/', { 'Transfer-Encoding': 'chunked' }],
    ['http://localhost/', { connection: 'upgrade' }],
    ['http://localhost/', { a: 'b\r\nHost: evil' }],
    ['http://localhost/', { a: 'b\nc' }],
    ['http://localhost/', { 'a\r\nb': 'c' }],
    ['http://localhost/', { 'a b': 'c' }],
    ['http://localhost/', { a: '\u0000' }],
    ['http://localhost/', { a: '日' }],
  ])('does not send %s with %j', async (url, headers) => {
    const failure = failureOf(await send(url, { headers }))
    expect(failure.failure).toBe('invalid_request')
    expect(failure.message).not.toMatch(/evil|pw/)
  })
})

describe('redirects on the wire', () => {
  const echo = (request: IncomingMessage) =>
    JSON.stringify({ url: request.url, method: request.method, headers: request.headers })
  const hop = (server: TestServer, text: string): { url: string; headers: Record<string, string> } =>
    JSON.parse(text.replaceAll(server.origin, ''))

  it('are followed over one connection, five of them, and no loop is endless', async () => {
    let requests = 0
    const server = await http((request, response) => {
      requests += 1
      const left = Number(request.url?.slice(1))
      if (left === 0) return response.end(echo(request))
      return response.writeHead(302, { location: left === 99 ? '/99' : `/${left - 1}` }).end('moved')
    })
    const outcome = await send(`${server.origin}/5`)
    expect(responseOf(outcome).url).toBe(`${server.origin}/0`)
    expect(outcome.alsoSent).toBe(5)
    expect([requests, server.connections()]).toEqual([6, 1])
    expect(failureOf(await send(`${server.origin}/6`))).toMatchObject({ failure: 'redirect_limit' })
    requests = 0
    const endless = await send(`${server.origin}/99`)
    expect(failureOf(endless)).toMatchObject({ failure: 'redirect_limit' })
    expect(endless.alsoSent).toBe(5)
    expect(requests).toBe(6)
  })

  it('to another allowed origin leave the credentials behind', async () => {
    const target = await http((request, response) => response.end(echo(request)))
    const server = await http((_request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${target.port}/x?key=s&page=2` }).end(),
    )
    const headers = { authorization: 'Bearer s', Cookie: 'c=s', 'x-api-key': 's', 'x-page': '2' }
    const request = { headers, secretHeaders: ['x-api-key'], secretParams: ['key'] }
    const response = responseOf(
      await send(server.origin, { ...request, crossOrigin: [`http://127.0.0.1:${target.port}`] }),
    )
    expect(response.credentialsStripped).toBe(true)
    const seen = hop(target, response.text)
    expect(seen.url).toBe('/x?page=2')
    expect(seen.headers['x-page']).toBe('2')
    for (const name of ['authorization', 'cookie', 'x-api-key']) expect(seen.headers).not.toHaveProperty(name)
    const connections = target.connections()
    expect(failureOf(await send(server.origin, request))).toMatchObject({ failure: 'cross_origin_denied' })
    expect(target.connections()).toBe(connections)
  })
})

describe('TLS', () => {
  const https = async (names: (string | false)[] = []) =>
    keep(
      await listen(
        createHttps(
          { key: CERTIFICATE_KEY, cert: CERTIFICATE, SNICallback: (name, done) => (names.push(name), done(null)) },
          (_request, response) => response.end('{}'),
        ),
        'https',
      ),
    )

  it('names the server, checks its certificate and measures the handshake', async () => {
    const names: (string | false)[] = []
    const server = await https(names)
    const outcome = await send(`https://api.example:${server.port}/`, {}, { allow: ['api.example:*'], ca: CERTIFICATE })
    expect(responseOf(outcome).status).toBe(200)
    expect(names).toEqual(['api.example'])
    expect(outcome.kind === 'response' && outcome.timing.tlsMs).toBeGreaterThan(0)
  })

  it.each([
    ['https://api.example:PORT/', undefined, /SELF_SIGNED/, /self-signed/],
    ['https://localhost:PORT/', CERTIFICATE, /ALTNAME/, /another name/],
    ['https://127.0.0.1:PORT/', CERTIFICATE, /ALTNAME/, /another name/],
  ])('does not trust %s', async (template, ca, code, message) => {
    const server = await https()
    const options = { allow: ['api.example:*', 'localhost:*', '127.0.0.1:*'], ...(ca ? { ca } : {}) }
    const failure = failureOf(await send(template.replace('PORT', String(server.port)), {}, options))
    expect(failure).toMatchObject({
      failure: 'network',
      code: expect.stringMatching(code),
      message: expect.stringMatching(message),
    })
  })

  it('says what is wrong when http is spoken where TLS was asked for', async () => {
    const server = await http((_request, response) => response.end('{}'))
    expect(failureOf(await send(server.origin.replace('http:', 'https:')))).toMatchObject({
      failure: 'network',
      message: expect.stringContaining('http://'),
    })
  })
})
