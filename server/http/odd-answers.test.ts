import { createServer as createTcp, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sendOver } from './send-request'
import { closeAfterEach } from './testing/close-after-each'
import { createTestPool, failureOf, listen, requestFor, responseOf, startHttp } from './testing/connector'

const never = new AbortController().signal
const keep = closeAfterEach()

/** Says this to whoever asks, and then nothing; `ends`: and hangs up. */
const saying = async (answer: string, { ends = false } = {}) =>
  keep(
    await listen(
      createTcp((socket) => {
        socket.on('error', () => undefined)
        socket.on('data', () => (ends ? socket.end(answer) : socket.write(answer)))
      }),
      'http',
    ),
  )

/** Each in a packet of its own. */
async function inParts(socket: Socket, parts: readonly string[]): Promise<void> {
  socket.setNoDelay()
  for (const part of parts) {
    socket.write(part)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}

const http = async (listener: Parameters<typeof startHttp>[0]) => keep(await startHttp(listener))
const send = (url: string, changes: Parameters<typeof requestFor>[1] = {}) =>
  sendOver(keep(createTestPool()), requestFor(url, changes), { signal: never })

describe('an error answer whose body does not come as a whole', () => {
  const LIMITED = 'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\n'

  it.each([
    ['is announced too large', `${LIMITED}Content-Length: 2000000\r\n\r\n`, '', /2000000 bytes, more than the 1000000/],
    ['is too large', `${LIMITED}\r\n${'x'.repeat(1_100_000)}`, 'x', /larger than the 1000000 bytes allowed/],
    ['stops', `${LIMITED}Content-Length: 100\r\n\r\nslow down`, 'slow down', /stopped sending after 9 bytes/],
    ['drips on', `${LIMITED}Content-Length: 100\r\n\r\nslow`, 'slow', /had sent 4 bytes but not finished/],
  ])('keeps its status and Retry-After when it %s', async (how, answer, text, fault) => {
    const server = await saying(answer)
    const limits = how === 'drips on' ? { timeoutMs: 150 } : { idleTimeoutMs: 150 }
    const response = responseOf(await send(server.origin, limits))
    expect(response).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7' },
      bodyFault: expect.stringMatching(fault),
    })
    expect(response.text.slice(0, 9)).toBe(text.length === 1 ? 'xxxxxxxxx' : text)
  })

  it.each([
    ['by length', `${LIMITED}Content-Length: 100\r\n\r\nslow down`],
    ['in chunks', `${LIMITED}Transfer-Encoding: chunked\r\n\r\n9\r\nslow down\r\n`],
  ])('keeps its status and Retry-After when it breaks off %s', async (_how, answer) => {
    const server = await saying(answer, { ends: true })
    expect(responseOf(await send(server.origin))).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7' },
      text: 'slow down',
      bodyFault: `${server.origin} broke the connection off before the response was complete`,
    })
  })

  it('keeps its status when it is packed and can not be unpacked', async () => {
    const packed = gzipSync('slow down'.repeat(1_000_000))
    const server = await http((request, response) =>
      response
        .writeHead(503, { 'content-encoding': 'gzip' })
        .end(request.url === '/bomb' ? packed : packed.subarray(0, 40)),
    )
    const bomb = responseOf(await send(`${server.origin}/bomb`))
    expect(bomb).toMatchObject({ status: 503, text: '', bodyFault: expect.stringContaining('1000000 bytes') })
    const half = responseOf(await send(`${server.origin}/half`))
    expect(half).toMatchObject({ status: 503, text: '', bodyFault: expect.stringContaining('not valid gzip') })
  })

  it('is no answer when the run is stopped meanwhile, and a good answer that stops is none either', async () => {
    const busy = await saying(`${LIMITED}Content-Length: 100\r\n\r\nslow`)
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 100)
    const stopped = await sendOver(keep(createTestPool()), requestFor(busy.origin), { signal: stop.signal })
    expect(failureOf(stopped).failure).toBe('aborted')
    const good = await saying('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nslow')
    expect(failureOf(await send(good.origin, { idleTimeoutMs: 100 })).failure).toBe('timeout')
  })

  it('leads on when it is a redirect', async () => {
    const target = await http((_request, response) => response.end('there'))
    const server = await saying(`HTTP/1.1 302 Found\r\nLocation: ${target.origin}/\r\nContent-Length: 100\r\n\r\nmoved`)
    const outcome = await send(server.origin, { idleTimeoutMs: 100, crossOrigin: [target.origin] })
    expect(responseOf(outcome).text).toBe('there')
  })
})

describe('interim answers that nobody asked for', () => {
  const FINAL = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'
  const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
  const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n'

  it.each([
    ['before the answer', [CONTINUE + FINAL]],
    ['by themselves', [CONTINUE, FINAL]],
    [
      'in pieces',
      ['HTT', 'P/1.1 10', '0', ' Continue\r\n', 'X-A: b\r\n\r', '\nHTTP/1.1 200 OK\r\nContent-Le', 'ngth: 2\r\n\r\n{}'],
    ],
    ['several, of several kinds', [HINTS + CONTINUE, CONTINUE, HINTS + FINAL]],
    ['none, and the answer in pieces', ['HTTP/1.', '1 200 OK\r\nContent-Length: 2\r\n\r\n', '{}']],
  ])('are passed over, and the connection is used again: %s', async (_how, parts) => {
    const server = keep(
      await listen(
        createTcp((socket) => socket.on('data', () => void inParts(socket, parts))),
        'http',
      ),
    )
    const pool = keep(createTestPool())
    for (const _time of [1, 2]) {
      const outcome = await sendOver(pool, requestFor(server.origin), { signal: never })
      expect(responseOf(outcome)).toMatchObject({ status: 200, text: '{}' })
    }
    expect(server.connections()).toBe(1)
  })

  it('do not keep a request alive for ever', async () => {
    const server = await saying(CONTINUE)
    expect(failureOf(await send(server.origin, { timeoutMs: 100 })).failure).toBe('timeout')
    const open = await saying('HTTP/1.1 100 Continue\r\nX-A: b\r\n', { ends: true })
    expect(failureOf(await send(open.origin)).code).toBe('ECONNRESET')
    const large = await saying(`HTTP/1.1 100 Continue\r\nX-A: ${'a'.repeat(70_000)}`)
    expect(failureOf(await send(large.origin)).message).toContain('64 KiB of headers')
  })
})

describe('an answer that has no body by its status', () => {
  it.each([
    ['304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\nETag: "1"\r\n\r\n', 304],
    ['204', 'HTTP/1.1 204 No Content\r\nContent-Length: 500\r\nETag: "1"\r\n\r\n', 204],
  ])('is not waited for, though %s names a length', async (_name, answer, status) => {
    const server = await saying(answer)
    const started = performance.now()
    const response = responseOf(await send(server.origin, { idleTimeoutMs: 5_000 }))
    expect(response).toMatchObject({ status, text: '', headers: { etag: '"1"' } })
    expect(response.bodyFault).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('an odd answer that is whole', () => {
  const OK = 'HTTP/1.1 200 OK\r\n'
  const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`
  const fields = Array.from({ length: 1_000 }, (_, n) => `X-${n}: ${n}\r\n`).join('')

  it.each([
    ['of HTTP/1.0, ended by the connection', 'HTTP/1.0 200 OK\r\n\r\n{"a":1}'],
    ['without a reason', 'HTTP/1.1 200\r\nContent-Length: 7\r\n\r\n{"a":1}'],
    ['after an empty line', `\r\n${OK}Content-Length: 7\r\n\r\n{"a":1}`],
    ['with 1,000 header fields', `${OK}${fields}Content-Length: 7\r\n\r\n{"a":1}`],
    [
      'with fields that are empty, or named as members of objects',
      `${OK}Link:\r\n__proto__: a\r\nconstructor: b\r\nContent-Length: 7\r\n\r\n{"a":1}`,
    ],
    ['with trailers and chunk extensions', `${CHUNKED}7;a="b"\r\n{"a":1}\r\n0\r\nRetry-After: 3\r\n\r\n`],
    ['shorter than what follows it', `${OK}Content-Length: 7\r\n\r\n{"a":1}and more`],
  ])('is read: %s', async (_how, answer) => {
    const server = await saying(answer, { ends: true })
    expect(responseOf(await send(server.origin))).toMatchObject({ status: 200, text: '{"a":1}' })
  })
})

describe('an answer that breaks HTTP', () => {
  const OK = 'HTTP/1.1 200 OK\r\n'

  it.each([
    ['has more headers than are read', `${OK}X-A: ${'a'.repeat(70_000)}\r\n\r\n`, /sent more than 64 KiB of headers/],
    [
      'names two lengths',
      `${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      /Content-Length is given more than once, or is not the length/,
    ],
    [
      'has another length than it says',
      `${OK}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n`,
      /Content-Length is given more than once, or is not the length/,
    ],
    ['folds a header field', `${OK}X-A: a\r\n b\r\n\r\n{}`, /something that is not HTTP/],
    ['has a status that is none', 'HTTP/1.1 099 OK\r\n\r\n{}', /something that is not HTTP/],
    ['ends before its last chunk', `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`, /broke the connection off/],
  ])('is told as what it is when it %s', async (_how, answer, message) => {
    const server = await saying(answer, { ends: true })
    expect(failureOf(await send(server.origin))).toMatchObject({
      failure: 'network',
      message: expect.stringMatching(message),
    })
  })
})

describe('a charset', () => {
  it.each([
    "'utf-8'",
    'utf8mb4',
    'UTF8MB3',
    'utf_8',
    'binary',
    'null',
    'none',
    'utf-8, application/json; charset=utf-8',
  ])('that is no proper name of UTF-8, or none at all, is taken for it: %s', async (charset) => {
    const server = await http((_request, response) =>
      response.writeHead(200, { 'content-type': `application/json; charset=${charset}` }).end('{"é":1}'),
    )
    expect(responseOf(await send(server.origin)).text).toBe('{"é":1}')
  })
})
