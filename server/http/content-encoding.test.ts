import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sendOver } from './send-request'
import { closeAfterEach } from './testing/close-after-each'
import { createTestPool, failureOf, requestFor, responseOf, startHttp } from './testing/connector'

const never = new AbortController().signal
const keep = closeAfterEach()

const http = async (listener: Parameters<typeof startHttp>[0]) => keep(await startHttp(listener))
const send = (url: string) => sendOver(keep(createTestPool()), requestFor(url), { signal: never })

describe('a Content-Encoding', () => {
  it.each(['none', 'identity', 'utf-8', 'UTF8', 'ISO-8859-1', 'binary', '8bit', 'aws-chunked', 'none, identity'])(
    'that names no packing leaves the body as it is: %s',
    async (coding) => {
      const server = await http((_request, response) =>
        response.writeHead(200, { 'content-encoding': coding }).end('{"a":1}'),
      )
      expect(responseOf(await send(server.origin)).text).toBe('{"a":1}')
    },
  )

  it('of gzip is undone beside a charset, and with zeros behind it', async () => {
    const server = await http((request, response) =>
      response
        .writeHead(200, { 'content-encoding': request.url === '/charset' ? 'utf-8, gzip' : 'gzip' })
        .end(Buffer.concat([gzipSync('{"a":1}'), Buffer.alloc(request.url === '/charset' ? 0 : 300)])),
    )
    expect(responseOf(await send(`${server.origin}/charset`)).text).toBe('{"a":1}')
    expect(responseOf(await send(`${server.origin}/zeros`)).text).toBe('{"a":1}')
  })

  it.each([
    ['a file of its own', { 'content-type': 'application/gzip' }, gzipSync('{"a":1}')],
    ['a transfer', { 'transfer-encoding': 'gzip, chunked' }, gzipSync('{"a":1}')],
    ['packed twice over', { 'content-encoding': 'gzip' }, gzipSync(gzipSync('{"a":1}'))],
  ])('that does not say of gzip what the body does is no matter: %s', async (_how, headers, body) => {
    const server = await http((_request, response) => response.writeHead(200, headers).end(body))
    expect(responseOf(await send(server.origin)).text).toBe('{"a":1}')
  })

  it('of gzip that nobody named is unpacked as far as is allowed', async () => {
    const server = await http((_request, response) => response.end(gzipSync(Buffer.alloc(2_000_000))))
    expect(failureOf(await send(server.origin)).failure).toBe('response_too_large')
  })

  it('that is unknown is refused, and several parts of gzip are one body', async () => {
    const server = await http((request, response) =>
      request.url === '/parts'
        ? response.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.concat([gzipSync('[1,'), gzipSync('2]')]))
        : response.writeHead(200, { 'content-encoding': 'pack200-gzip' }).end('{}'),
    )
    expect(failureOf(await send(server.origin)).message).toContain('"pack200-gzip"')
    expect(responseOf(await send(`${server.origin}/parts`)).text).toBe('[1,2]')
  })
})
