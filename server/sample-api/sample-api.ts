import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { DomainError } from '@/domain/domain-error'
import { answerRequest } from './answer-request'
import { createFlakyMemory } from './flaky-memory'
import { createPageCache, type Answer } from './page-cache'
import { createRequestLog, type LoggedRequest } from './request-log'

export type SampleApi = {
  url: string
  port: number
  /** The last 10,000 requests, oldest first. */
  requests(): LoggedRequest[]
  /** Times this path and query was requested. */
  count(url: string): number
  close(): Promise<void>
}

type Listen = { host: string; port: number; pageDelayMs?: number }

/** Starts the sample API; port 0 picks a free one, pages take `pageDelayMs` unless told otherwise. Throws a DomainError when it can't listen there. */
export async function startSampleApi({ host, port, pageDelayMs = 0 }: Listen): Promise<SampleApi> {
  const log = createRequestLog()
  const frontPage = () => ({ url: `http://localhost:${listeningPort()}`, pageDelayMs, served: log.totals() })
  const shop = { flaky: createFlakyMemory(), cache: createPageCache(), pageDelayMs, frontPage }

  const server = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request
    log.record(method, url)
    request.resume()
    const answer = answerRequest({ method, url, accept: request.headers.accept ?? '' }, shop)
    if (answer.delayMs === 0) return send(request, response, answer)
    const timer = setTimeout(() => send(request, response, answer), answer.delayMs)
    response.on('close', () => clearTimeout(timer))
  })
  const listeningPort = (): number => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : port
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, host, port)))
    server.listen(port, host, resolve)
  })
  const bound = listeningPort()
  return {
    url: `http://localhost:${bound}`,
    port: bound,
    requests: () => log.requests(),
    count: (path) => log.count(path),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': answer.body.length,
    ...answer.headers,
  })
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}

function cannotListen(error: Error, host: string, port: number): DomainError {
  const taken = 'code' in error && error.code === 'EADDRINUSE'
  const reason = taken ? `port ${port} is taken by another program` : error.message
  return new DomainError('unavailable', `The sample API can't listen on ${host}:${port}: ${reason}.`, {
    hint: 'Stop the other program, or set PAGETURNER_SAMPLE_PORT to a free port.',
    cause: error,
  })
}
