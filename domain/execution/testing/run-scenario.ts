import type { HttpOutcome, HttpRequest } from '../../http-message'
import type { JsonObject } from '../../json'
import type { HttpStep } from '../../playbook/playbook'
import type { Scope } from '../../playbook/template/evaluate-template'
import { sliceAt } from '../../results/json-slices'
import { initialState, nextAction, recordOutcome } from '../element'
import { fromCheckpoint, toCheckpoint } from '../element-checkpoint'
import { compileElementPlan } from '../element-plan'
import type { AttemptRecord, PageRecord } from '../element-records'
import type { ElementState } from '../element-state'
import type { NewEvent } from '../events'

/** A scripted answer: a body for 200, a status with a body and headers, or a broken connection. */
export type Answer =
  | {
      status?: number
      json?: unknown
      text?: string
      headers?: Record<string, string>
      url?: string
      stripped?: boolean
    }
  | { none: 'network' | 'timeout' | 'response_too_large' | 'redirect_limit' | 'decode'; code?: string }

export type Script = readonly Answer[] | ((request: HttpRequest, count: number) => Answer)

export type Scenario = {
  step: HttpStep
  script: Script
  scope?: Scope
  secrets?: Record<string, string>
  random?: number
  /** Where it goes on; absent: from the start. */
  from?: ElementState
}

export type ScenarioResult = {
  requests: HttpRequest[]
  /** Milliseconds waited before each request after the first. */
  waits: number[]
  items: unknown[]
  pages: PageRecord[]
  attempts: AttemptRecord[]
  events: NewEvent[]
  state: ElementState
}

const START = Date.parse('2026-01-01T00:00:00Z')
const LIMIT = 300

/** Runs an element against a script. `restart(n)` true: state n is written, forgotten and read back, as after a crash. */
export function runScenario(scenario: Scenario, restart: (step: number) => boolean = () => false): ScenarioResult {
  const plan = compileElementPlan({
    step: scenario.step,
    index: 0,
    scope: scenario.scope ?? {},
    secrets: new Map(Object.entries(scenario.secrets ?? {})),
  })
  const result: ScenarioResult = {
    requests: [],
    waits: [],
    items: [],
    pages: [],
    attempts: [],
    events: [],
    state: scenario.from ?? initialState(plan),
  }
  let clock = START
  for (let step = 0; step < LIMIT; step++) {
    const action = nextAction(plan, result.state, new Date(clock))
    if (action.do === 'stop' || action.do === 'await') return result
    if (action.do === 'wait') {
      result.waits.push(action.until.getTime() - clock)
      clock = action.until.getTime()
      continue
    }
    const answer =
      typeof scenario.script === 'function'
        ? scenario.script(action.request, result.requests.length)
        : scenario.script[result.requests.length]
    result.requests.push(action.request)
    if (answer === undefined)
      throw new Error(`request ${result.requests.length} was not expected: ${action.request.url}`)
    const outcome = outcomeOf(answer, action.request, new Date(clock))
    const recorded = recordOutcome(plan, result.state, {
      page: action.page,
      outcome,
      now: new Date(clock),
      random: scenario.random ?? 0.5,
    })
    result.state = recorded.state
    result.events.push(...recorded.events)
    if (recorded.attempt !== null) result.attempts.push(recorded.attempt)
    if (recorded.page !== null) {
      result.pages.push(recorded.page)
      result.items.push(...itemsOf(recorded.page))
    }
    if (restart(step)) result.state = reread(result)
  }
  throw new Error(`the scenario did not end within ${LIMIT} steps`)
}

/** The answer as the connector would give it. */
export function outcomeOf(answer: Answer, request: HttpRequest, startedAt: Date): HttpOutcome {
  if ('none' in answer) {
    return {
      kind: 'none',
      failure: answer.none,
      code: answer.code ?? 'ECONNRESET',
      message: 'connection reset',
      startedAt,
      durationMs: 5,
    }
  }
  const text = answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json))
  const headers = { 'content-type': 'application/json', ...answer.headers }
  return {
    kind: 'response',
    response: {
      status: answer.status ?? 200,
      headers,
      text,
      bytes: text.length,
      url: answer.url ?? request.url,
      credentialsStripped: answer.stripped ?? false,
    },
    startedAt,
    durationMs: 5,
    timing: { dnsMs: 0, connectMs: 0, tlsMs: 0, waitMs: 4, bodyMs: 1 },
  }
}

function reread(result: ScenarioResult): ElementState {
  const stored: JsonObject = JSON.parse(JSON.stringify(toCheckpoint(result.state)))
  return fromCheckpoint(
    stored,
    result.pages.flatMap((page) => page.fingerprints),
  )
}

/** The items of a saved page, as an export reads them. */
export function itemsOf({ items, body, itemsPath }: PageRecord): unknown[] {
  const read: unknown = JSON.parse(items ?? sliceAt(body ?? '[]', itemsPath) ?? '[]')
  return Array.isArray(read) ? read : []
}
