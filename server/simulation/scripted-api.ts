import type { HttpOutcome, HttpRequest, HttpResponse } from '@/domain/http-message'
import type { Draw } from './draw'
import type { Scenario } from './scenario'

const PAGE_SIZE = 2

/** What is asked for. */
export type Asked = { element: string; page: number }

/** What becomes of a request: after `ms` the outcome is there, or the process that reads it dies. */
export type Reply = { ms: number; outcome: HttpOutcome | 'deadly'; isGood: boolean }

export type ScriptedApi = {
  askedFor: (request: HttpRequest) => Asked
  reply: (request: HttpRequest, sentAt: Date, share: number) => Reply
  /** What answered 404, or killed its readers, no longer does. */
  repair: () => void
  isWhole: () => boolean
}

/** The items of a page, as they are in truth. */
export const truthOf = (element: string, page: number, pages: number): { id: string }[] =>
  page > pages ? [] : Array.from({ length: PAGE_SIZE }, (_, place) => ({ id: `${element}-${page}-${place}` }))

/** An API that never changes, and fails at times. */
export function createScriptedApi(scenario: Scenario, draw: Draw): ScriptedApi {
  let { broken, poison } = scenario
  let isWhole = false
  const askedFor = (request: HttpRequest): Asked => {
    const url = new URL(request.url)
    return { element: url.pathname.slice(1), page: pageOf(url.searchParams) }
  }
  return {
    askedFor,
    reply(request, sentAt, share) {
      const { element, page } = askedFor(request)
      const ms = draw.between(2, scenario.paceMs) * (draw.chance(0.05) ? 5 : 1)
      const answer = (response: Partial<HttpResponse>, isGood = false): Reply => ({
        ms,
        outcome: responseOf(request, { sentAt, ms, response }),
        isGood,
      })
      if (element === poison) return { ms, outcome: 'deadly', isGood: false }
      if (broken.has(`${element}/${page}`)) return answer({ status: 404, text: 'not here' })
      if (draw.chance(share)) return failure(draw, { request, sentAt, ms, answer })
      const pages = scenario.elements.get(element) ?? 0
      const body = {
        data: truthOf(element, page, pages),
        more: page < pages,
        next: page < pages ? `c${page}` : null,
        total: pages * PAGE_SIZE,
      }
      const text = JSON.stringify(body)
      return answer(page % 2 === 0 ? { text, utf8: Buffer.from(text) } : { text }, true)
    },
    repair() {
      broken = new Set()
      poison = null
      isWhole = true
    },
    isWhole: () => isWhole,
  }
}

function pageOf(params: URLSearchParams): number {
  const [page, offset, cursor] = [params.get('page'), params.get('offset'), params.get('cursor')]
  if (page !== null) return Number(page)
  if (offset !== null) return Number(offset) / PAGE_SIZE + 1
  return cursor === null ? 1 : Number(cursor.slice(1)) + 1
}

type Failing = {
  request: HttpRequest
  sentAt: Date
  ms: number
  answer: (response: Partial<HttpResponse>) => Reply
}

/** The API may have acted in each of these cases: what is lost is the answer. */
function failure(draw: Draw, { request, sentAt, ms, answer }: Failing): Reply {
  const none = (kind: 'network' | 'timeout', afterMs: number): Reply => ({
    ms: afterMs,
    outcome: { kind: 'none', failure: kind, code: 'X', message: kind, startedAt: sentAt, durationMs: afterMs },
    isGood: false,
  })
  switch (draw.pick(['busy', 'error', 'reset', 'garbage', 'cut', 'silence'])) {
    case 'busy':
      return answer({ status: 429, headers: { 'retry-after': String(draw.whole(0, 3)) }, text: '' })
    case 'error':
      return answer({ status: 500, text: '<h1>error</h1>' })
    case 'garbage':
      return answer({ text: 'null' })
    case 'cut':
      return answer({ text: '{"data":[{"id":' })
    case 'silence':
      return none('timeout', request.timeoutMs)
    default:
      return none('network', ms)
  }
}

const responseOf = (
  request: HttpRequest,
  { sentAt, ms, response }: { sentAt: Date; ms: number; response: Partial<HttpResponse> },
): HttpOutcome => ({
  kind: 'response',
  response: {
    status: 200,
    text: '',
    bytes: response.text?.length ?? 0,
    url: request.url,
    credentialsStripped: false,
    ...response,
    headers: { 'content-type': 'application/json', ...response.headers },
  },
  startedAt: sentAt,
  durationMs: ms,
  timing: { dnsMs: 0, connectMs: 0, tlsMs: 0, waitMs: ms, bodyMs: 0 },
})
