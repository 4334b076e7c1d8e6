import { afterAll } from 'vitest'
import { listen } from '@/server/http/testing/connector'
import { createServer } from 'node:http'

export type GuardedApi = {
  origin: string
  /** Requests for pages, in the order they came. */
  pages: { at: number; url: string; authorization: string | undefined; status: number }[]
  tokensGiven: number
  /** After as many requests for pages the token given last is refused. */
  revokeAfter: number | null
  /** The token given last is refused from now on. */
  revoke(): void
  /** Seconds to wait that the next request for a token is answered with, once. */
  busyFor: number | null
  /** When tokens were asked for. */
  tokensAsked: number[]
  /** Refuses every token from now on. */
  close(): void
}

const PAGES = 4

/** Gives out tokens at /token and four pages of two items at any other path, to whom holds the last token; it echoes the token it was sent. Call it at the top of a test file. */
export async function startGuardedApi(): Promise<GuardedApi> {
  let current = ''
  let closed = false
  const api: GuardedApi = {
    origin: '',
    pages: [],
    tokensGiven: 0,
    revokeAfter: null,
    busyFor: null,
    tokensAsked: [],
    revoke: () => (current = ''),
    close: () => (closed = true),
  }
  const server = await listen(
    createServer((request, response) => {
      const answer = (status: number, json: unknown): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
      const { authorization, url = '' } = { ...request.headers, url: request.url }
      if (url === '/token') {
        api.tokensAsked.push(Date.now())
        if (api.busyFor !== null) {
          response.setHeader('retry-after', String(api.busyFor))
          api.busyFor = null
          return answer(503, { error: 'temporarily_unavailable' })
        }
        current = `token-${++api.tokensGiven}-of-the-guarded-api`
        // Long enough that elements which ask at once all wait for this one answer.
        setTimeout(() => answer(200, { access_token: current, token_type: 'bearer', expires_in: 3600 }), 50)
        return
      }
      if (api.pages.length === api.revokeAfter) current = ''
      const isKnown = !closed && current !== '' && authorization === `Bearer ${current}`
      api.pages.push({ at: Date.now(), url, authorization, status: isKnown ? 200 : 401 })
      if (!isKnown) return answer(401, { error: 'who are you?', sent: authorization })
      const page = Number(new URL(url, api.origin).searchParams.get('page'))
      answer(200, { data: [{ page, sent: authorization }, { page }], more: page < PAGES })
    }),
    'http',
  )
  api.origin = server.origin
  afterAll(server.close)
  return api
}
