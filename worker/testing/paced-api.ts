import { createServer } from 'node:http'
import { afterAll } from 'vitest'
import { listen } from '@/server/http/testing/connector'

export type PacedApi = {
  origin: string
  /** When requests came. */
  times: number[]
  /** The answer to this request says that nothing is left for two seconds. */
  exhaustAfter: number | null
}

const PAGES = 4
const RESET_SECONDS = 2

/** Four pages at any path; it refuses nothing and notes when it was asked. Call it at the top of a test file. */
export async function startPacedApi(): Promise<PacedApi> {
  const api: PacedApi = { origin: '', times: [], exhaustAfter: null }
  const server = await listen(
    createServer((request, response) => {
      const isLast = api.times.push(Date.now()) === api.exhaustAfter
      const page = Number(new URL(request.url ?? '', api.origin).searchParams.get('page'))
      response
        .writeHead(200, {
          'content-type': 'application/json',
          'ratelimit-remaining': isLast ? '0' : '7',
          'ratelimit-reset': String(RESET_SECONDS),
        })
        .end(JSON.stringify({ data: [{ page }], more: page < PAGES }))
    }),
    'http',
  )
  api.origin = server.origin
  afterAll(server.close)
  return api
}
