import { initialState, nextAction, recordOutcome } from '@/domain/execution/element'
import { fromCheckpoint, toCheckpoint } from '@/domain/execution/element-checkpoint'
import { compileElementPlan } from '@/domain/execution/element-plan'
import type { AttemptRecord, PageRecord } from '@/domain/execution/element-records'
import type { ElementState } from '@/domain/execution/element-state'
import type { NewEvent } from '@/domain/execution/events'
import { itemsOf } from '@/domain/execution/testing/run-scenario'
import type { HttpOutcome } from '@/domain/http-message'
import type { Paginator } from '@/domain/pagination/paginator'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import type { HttpStep } from '@/domain/playbook/playbook'
import { sendPage } from '@/server/executions/send-page'

export type WireResult = {
  state: ElementState
  items: unknown[]
  pages: PageRecord[]
  attempts: AttemptRecord[]
  events: NewEvent[]
  /** Milliseconds of every wait, on a clock that jumps over them. */
  waits: number[]
}

/** The clock of the tables: Retry-After dates are written against it. */
export const START = Date.parse('2026-01-01T00:00:00Z')

const LIMIT = 400
const URL_LINE = 'url: "{{ workload.api }}/items"'

const parsed = new Map<string, HttpStep>()

/** The http step a playbook has with these lines, parsed once; `url` is the scripted API's `/items` unless they say otherwise. Throws with the diagnostics. */
export function stepOf(lines: string): HttpStep {
  const step = parsed.get(lines) ?? parseStep(lines)
  parsed.set(lines, step)
  return step
}

function parseStep(lines: string): HttpStep {
  const own = /^url:/m.test(lines) ? lines : `${URL_LINE}\n${lines}`
  const text = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: t, path: t }
workload: { api: http://api, other: http://other, element: { id: 1 } }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
${own.trim().replaceAll(/^/gm, '    ')}
`
  const { playbook, diagnostics } = parsePlaybook(text)
  const step = playbook?.workflow.find((each) => each.step === 'fetch')
  if (step?.tool !== 'http') throw new Error(JSON.stringify(diagnostics, null, 2))
  return step
}

type Run = {
  step: HttpStep
  scope: Record<string, unknown>
  secrets?: Record<string, string>
  random?: number
  /** True: after every outcome the state is written, forgotten and read back, as after a crash. */
  restarts?: boolean
}

/** Runs one element over the real connector: the worker's loop without its database, with a clock that jumps over waits. */
export async function runOnWire({
  step,
  scope,
  secrets = {},
  random = 0.5,
  restarts = false,
}: Run): Promise<WireResult> {
  const plan = compileElementPlan({ step, index: 0, scope, secrets: new Map(Object.entries(secrets)) })
  const result: WireResult = { state: initialState(plan), items: [], pages: [], attempts: [], events: [], waits: [] }
  const { signal } = new AbortController()
  const { tokenRequest } = plan
  const flights = new Map<number, Promise<{ page: number; outcome: HttpOutcome }>>()
  let clock = START
  for (let turn = 0; turn < LIMIT; turn++) {
    const action = nextAction(plan, result.state, new Date(clock), new Set(flights.keys()))
    if (action.do === 'stop') return inPageOrder(result, plan.paginator.strategy)
    if (action.do === 'request') {
      const { page, request } = action
      const landing = sendPage(request, { tokenRequest, signal, onToken: () => {} }).then((outcome) => ({
        page,
        outcome,
      }))
      flights.set(page, landing)
      continue
    }
    if (action.do === 'wait' && flights.size === 0) {
      result.waits.push(action.until.getTime() - clock)
      clock = action.until.getTime()
      continue
    }
    const { page, outcome } = await Promise.race(flights.values())
    flights.delete(page)
    const recorded = recordOutcome(plan, result.state, { page, outcome, now: new Date(clock), random })
    result.state = recorded.state
    result.events.push(...recorded.events)
    if (recorded.attempt !== null) result.attempts.push(recorded.attempt)
    if (recorded.page !== null) result.pages.push(recorded.page)
    if (restarts) result.state = reread(result)
  }
  throw new Error(`the run did not end within ${LIMIT} turns`)
}

/** The stop reason of what completed, the error's kind of what failed. */
export function endOf({ state }: WireResult): string {
  if (state.status === 'failed') return state.error.kind
  return state.status === 'completed' ? state.stopReason : state.status
}

function inPageOrder(result: WireResult, strategy: Paginator['strategy']): WireResult {
  const pages = result.pages.toSorted((left, right) => left.page - right.page)
  const kept = strategy === 'replace' ? pages.slice(-1) : pages
  return { ...result, pages, items: kept.flatMap(itemsOf) }
}

const reread = ({ state, pages }: WireResult): ElementState =>
  fromCheckpoint(
    JSON.parse(JSON.stringify(toCheckpoint(state))),
    pages.flatMap(({ fingerprints }) => fingerprints),
  )
