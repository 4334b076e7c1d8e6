import type { HttpOutcome, HttpRequest, HttpResponse } from '@/domain/http-message'
import type { Draw } from './draw'
import { answerOf, askedBy, pagesOf, shapeFor, truthOf, type Asked } from './paged-answer'
import type { Scenario } from './scenario'
import { PAGE_SIZE, type Shape } from './shape'

/** What becomes of a request: after `ms` the outcome is there, or the process that reads it dies. */
export type Reply = { ms: number; outcome: HttpOutcome | 'deadly' }

export type ScriptedApi = {
  askedFor: (url: URL) => Asked
  reply: (request: HttpRequest, sentAt: Date, share: number) => Reply
  /** True for an outcome that holds a page. */
  isGood: (outcome: HttpOutcome) => boolean
  /** What answered 404, or killed its readers, no longer does. */
  repair: () => void
  isWhole: () => boolean
}

/** An API that never changes, and fails at times. */
export function createScriptedApi(scenario: Scenario, draw: Draw): ScriptedApi {
  let { broken, poison } = scenario
  let isWhole = false
  const good = new WeakSet<HttpOutcome>()
  const askedFor = (url: URL): Asked => askedBy(scenario.shape, url)
  return {
    askedFor,
    reply(request, sentAt, share) {
      const asked = askedFor(new URL(request.url))
      const { element, page } = asked
      const shape = shapeFor(scenario.shape, element)
      const ms = draw.between(2, scenario.paceMs) * (draw.chance(0.05) ? 5 : 1)
      const answer = (response: Partial<HttpResponse>): Reply => ({
        ms,
        outcome: responseOf(request, { sentAt, ms, response }),
      })
      if (element === poison) return { ms, outcome: 'deadly' }
      if (broken.has(`${element}/${page}`)) return answer({ status: 404, text: 'not here' })
      if (draw.chance(share)) return failure(draw, { request, sentAt, ms, answer, shape })
      const truth = truthOf(element, pagesOf(scenario.elements, element))
      const due = shape.isCapped ? draw.whole(1, PAGE_SIZE + 1) : PAGE_SIZE
      const { text, headers } = answerOf(scenario.shape, { asked, truth, size: Math.min(due, asked.limit ?? due) })
      const reply = answer(asked.from % 4 === 0 ? { text, headers } : { text, headers, utf8: Buffer.from(text) })
      if (reply.outcome !== 'deadly') good.add(reply.outcome)
      return reply
    },
    isGood: (outcome) => good.has(outcome),
    repair() {
      broken = new Set()
      poison = null
      isWhole = true
    },
    isWhole: () => isWhole,
  }
}

type Failing = {
  request: HttpRequest
  sentAt: Date
  ms: number
  answer: (response: Partial<HttpResponse>) => Reply
  shape: Shape
}

/** The API may have acted in each of these cases: what is lost is the answer. */
function failure(draw: Draw, { request, sentAt, ms, answer, shape }: Failing): Reply {
  const none = (kind: 'network' | 'timeout', afterMs: number): Reply => ({
    ms: afterMs,
    outcome: { kind: 'none', failure: kind, code: 'X', message: kind, startedAt: sentAt, durationMs: afterMs },
  })
  const busy = (seconds: number): Reply =>
    answer({ status: 429, headers: { 'retry-after': String(seconds) }, text: '' })
  if (shape.maxWait !== null && draw.chance(0.4)) return busy(draw.whole(1, 10))
  if (shape.failsInside && draw.chance(0.3)) return answer({ text: JSON.stringify({ error: 'busy', data: [] }) })
  switch (draw.pick(['busy', 'error', 'reset', 'garbage', 'cut', 'silence'])) {
    case 'busy':
      return busy(draw.whole(0, 3))
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
