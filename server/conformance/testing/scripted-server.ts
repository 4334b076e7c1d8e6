import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib'

/** One request as it came over the wire. `host` is `other` for the second origin. */
export type WireRequest = {
  host: 'api' | 'other'
  method: string
  /** Path and query as sent. */
  target: string
  path: string
  query: Record<string, string>
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** What the server answers, or the way it breaks. Without `json`, `text` or `bytes` the body is empty. */
export type Answer = {
  status?: number
  /** `content-type: application/json` unless named here; null takes a header away. */
  headers?: Record<string, string | string[] | null>
  json?: unknown
  text?: string
  bytes?: Buffer
  encode?: 'gzip' | 'br' | 'deflate'
  /** `reset`: no answer; `reset_in_body`: half of one; `stall`: never ends; `trickle`: byte by byte; `cut`: shorter than announced. */
  fault?: 'reset' | 'reset_in_body' | 'stall' | 'silent' | 'trickle' | 'cut'
  delayMs?: number
}

/** Answers in turn, or a function of the request and the number of requests before it. */
export type Script = readonly Answer[] | ((request: WireRequest, count: number) => Answer)

export type ScriptedServer = {
  api: string
  other: string
  /** Begins a row: forgets the log. */
  play(script: Script): void
  requests(): readonly WireRequest[]
  close(): Promise<void>
}

/** A real server of two origins that does what a script says, mistakes and breakages included. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  let script: Script = []
  let log: WireRequest[] = []
  const origins = { api: '', other: '' }

  const listener = (host: 'api' | 'other') => (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => response.destroy())
    request.on('end', () => {
      const asked = readRequest(host, request, Buffer.concat(chunks).toString())
      const count = log.push(asked) - 1
      const answer = (typeof script === 'function' ? script(asked, count) : script[count]) ?? NOT_EXPECTED
      setTimeout(() => send(response, filled(answer, origins)), answer.delayMs ?? 0)
    })
  }
  const servers = [createServer(listener('api')), createServer(listener('other'))] as const
  origins.api = await listen(servers[0])
  origins.other = await listen(servers[1])
  return {
    ...origins,
    play: (next) => {
      script = next
      log = []
    },
    requests: () => log,
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

const NOT_EXPECTED: Answer = { status: 418, json: { error: 'the script has no answer for this request' } }

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

function readRequest(host: WireRequest['host'], request: IncomingMessage, body: string): WireRequest {
  const target = request.url ?? '/'
  const { pathname, searchParams } = new URL(target, 'http://scripted')
  return {
    host,
    method: request.method ?? '',
    target,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    body,
  }
}

/** `API` and `OTHER` in headers and bodies stand for the two origins, whose ports a table can't know. */
function filled(answer: Answer, origins: { api: string; other: string }): Answer {
  const fill = (text: string): string => text.replaceAll('API:', origins.api).replaceAll('OTHER:', origins.other)
  const fillHeader = (value: string | string[] | null) =>
    Array.isArray(value) ? value.map(fill) : value && fill(value)
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => [name, fillHeader(value)])
  const { json, text, ...rest } = answer
  const body = text ?? (json === undefined ? undefined : JSON.stringify(json))
  return { ...rest, headers: Object.fromEntries(headers), ...(body === undefined ? {} : { text: fill(body) }) }
}

const ENCODERS = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync }

function send(response: ServerResponse, answer: Answer): void {
  const { fault } = answer
  if (fault === 'silent') return
  if (fault === 'reset') return void response.destroy()
  const plain = answer.bytes ?? Buffer.from(answer.text ?? '')
  const body = answer.encode === undefined ? plain : ENCODERS[answer.encode](plain)
  // Retry-After dates are compared with the server's own clock, which is the table's here.
  response.sendDate = false
  response.statusCode = answer.status ?? 200
  const headers = { 'content-type': 'application/json', ...answer.headers }
  for (const [name, value] of Object.entries(headers)) if (value !== null) response.setHeader(name, value)
  if (answer.encode !== undefined) response.setHeader('content-encoding', answer.encode)
  switch (fault) {
    case 'reset_in_body':
      response.setHeader('content-length', body.length)
      response.write(body.subarray(0, Math.floor(body.length / 2)))
      return void setTimeout(() => response.destroy(), 5)
    case 'cut':
      response.setHeader('content-length', body.length + 10)
      response.write(body)
      return void setTimeout(() => response.destroy(), 5)
    case 'stall':
      return void response.write(body.subarray(0, 1))
    case 'trickle':
      return trickle(response, body)
    case undefined:
      response.end(body)
  }
}

function trickle(response: ServerResponse, body: Buffer): void {
  const step = Math.max(1, Math.ceil(body.length / 40))
  let at = 0
  const timer = setInterval(() => {
    if (at >= body.length || response.destroyed) {
      clearInterval(timer)
      response.end()
      return
    }
    response.write(body.subarray(at, at + step))
    at += step
  }, 2)
}
