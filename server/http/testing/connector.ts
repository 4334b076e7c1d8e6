import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import type { HttpOutcome, HttpRequest, HttpResponse } from '@/domain/http-message'
import { createAddressGuard, type Lookup, type OwnEndpoint } from '../address-guard'
import { parseAllowList } from '../allow-list'
import { createConnectionPool } from '../connection-pool'

/** A connector with settings of the test's own: exceptions, name look-ups, a trusted certificate. */
export function createTestPool(
  options: { allow?: string[]; lookup?: Lookup; own?: OwnEndpoint[]; ca?: string } = {},
): ReturnType<typeof createConnectionPool> {
  const { allow = ['localhost:*', '127.0.0.1:*'], lookup = async () => ['127.0.0.1'], own = [], ca = null } = options
  return createConnectionPool({ guard: createAddressGuard({ allows: parseAllowList(allow), own, lookup }), ca })
}

export type TestServer = { port: number; origin: string; connections: () => number; close: () => Promise<void> }

export const startHttp = (listener: RequestListener): Promise<TestServer> => listen(createServer(listener), 'http')

/** Listens on a free port of 127.0.0.1 and counts the connections made. */
export async function listen(server: Server, protocol: 'http' | 'https'): Promise<TestServer> {
  let connections = 0
  const open = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => {
    connections += 1
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve())
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `${protocol}://localhost:${port}`,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

export const requestFor = (url: string, changes: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  body: null,
  timeoutMs: 30_000,
  idleTimeoutMs: 10_000,
  maxResponseBytes: 1_000_000,
  crossOrigin: [],
  secretHeaders: [],
  secretParams: [],
  ...changes,
})

export function responseOf(outcome: HttpOutcome): HttpResponse {
  if (outcome.kind === 'response') return outcome.response
  throw new Error(`no response but ${outcome.failure} ${outcome.code}: ${outcome.message}`)
}

export function failureOf(outcome: HttpOutcome): { failure: string; code: string; message: string } {
  if (outcome.kind === 'response') throw new Error(`a response: ${outcome.response.status}`)
  const { failure, code, message } = outcome
  return { failure, code, message }
}
