import { createServer } from 'node:http'
import { afterAll } from 'vitest'
import { listen } from '@/server/http/testing/connector'

export type PacedApi = {
  origin: string
  /** When requests came. */
  times: number[]
  /** The answer to this request says that nothing is left until the reset; those after it come a while later than it. */
  exhaustAfter: number | null
  resetSeconds: number
}

const PAGES = 4
/** Until then whoever was told that nothing is left knows it, on a busy machine as well. */
const LATER_MS = 500

/** Four pages at any path; it refuses nothing and notes when it was asked. Call it at the top of a test file. */
export async function startPacedApi(): Promise<PacedApi> {
  const api: PacedApi = { origin: '', times: [], exhaustAfter: null, resetSeconds: 2 }
  const server = await listen(
    createServer((request, response) => {
      const number = api.times.push(Date.now())
      const { exhaustAfter } = api
      const page = Number(new URL(request.url ?? '', api.origin).searchParams.get('page'))
      response.writeHead(200, {
        'content-type': 'application/json',
        'ratelimit-remaining': number === exhaustAfter ? '0' : '7',
        'ratelimit-reset': String(api.resetSeconds),
      })
      const answer = JSON.stringify({ data: [{ page }], more: page < PAGES })
      setTimeout(() => response.end(answer), exhaustAfter !== null && number > exhaustAfter ? LATER_MS : 0)
    }),
    'http',
  )
  api.origin = server.origin
  afterAll(server.close)
  return api
}
