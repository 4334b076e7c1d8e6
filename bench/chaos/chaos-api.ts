import { createServer, type ServerResponse } from 'node:http'
import { placeOf } from '../history/history'
import { answerRequest } from '@/server/sample-api/answer-request'
import { createFlakyMemory } from '@/server/sample-api/flaky-memory'
import { createPageCache } from '@/server/sample-api/page-cache'
import type { Random } from './seeded-random'

/** How every answer goes wrong for a while: refused, cut off, or sent so slowly that the client gives up. */
export type ApiTrouble = 'busy' | 'reset' | 'drip'

/** Also in good times one answer of this many is a 503. */
const ONE_IN = 60
const DRIP_MS = 400

export type ChaosApi = {
  port: number
  /** Every answer goes wrong in this way; null: all is well again. */
  trouble(kind: ApiTrouble | null): void
  /** Times each page of an execution was asked for. */
  askedOf(executionId: string): ReadonlyMap<string, number>
  close(): Promise<void>
}

/** The sample API with failures. It lives in the process that watches, so its log outlives all that is killed. */
export async function startChaosApi(random: Random): Promise<ChaosApi> {
  let trouble: ApiTrouble | null = null
  const asked = new Map<string, Map<string, number>>()
  const shop = {
    flaky: createFlakyMemory(),
    cache: createPageCache(),
    pageDelayMs: 0,
    frontPage: () => ({ url: '', pageDelayMs: 0, served: new Map<string, number>() }),
  }
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request
    request.resume()
    note(asked, new URL(url, 'http://chaos').searchParams)
    const answer = answerRequest({ method, url, accept: '' }, shop)
    const failure = trouble ?? (random.chance(1 / ONE_IN) ? 'busy' : null)
    setTimeout(() => {
      if (failure !== null) return fail(response, failure, answer.body)
      response.writeHead(answer.status, { 'content-type': answer.type, 'content-length': answer.body.length })
      response.end(answer.body)
    }, answer.delayMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    trouble: (kind) => void (trouble = kind),
    askedOf: (executionId) => asked.get(executionId) ?? new Map(),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Playbooks of chaos send along who asks for what. */
function note(asked: Map<string, Map<string, number>>, query: URLSearchParams): void {
  const run = query.get('run') ?? ''
  const place = placeOf({
    step: query.get('step') ?? '',
    index: Number(query.get('element')),
    page: Number(query.get('page')),
  })
  const pages = asked.get(run) ?? new Map<string, number>()
  pages.set(place, (pages.get(place) ?? 0) + 1)
  asked.set(run, pages)
}

function fail(response: ServerResponse, how: ApiTrouble, body: Buffer): void {
  switch (how) {
    case 'busy':
      response.writeHead(503, { 'retry-after': '1' }).end()
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'drip':
      return drip(response, body)
  }
}

/** A byte now and then: never silent, never done in time. */
function drip(response: ServerResponse, body: Buffer): void {
  let sent = 0
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => {
    if (sent === body.length) return void response.end()
    response.write(body.subarray(sent, ++sent))
  }, DRIP_MS)
  response.on('close', () => clearInterval(timer))
}
