import { describe, expect, test } from 'vitest'
import type { HttpRequest } from '../http-message'
import { writePaginate } from '../pagination/auto/write-paginate'
import { parsePlaybook } from '../playbook/parse-playbook'
import { initialState, nextAction, recordOutcome, reopenFailed } from './element'
import { fromCheckpoint, toCheckpoint } from './element-checkpoint'
import { compileElementPlan } from './element-plan'
import { httpStep, paginate } from './testing/http-step'
import { outcomeOf, runScenario, type Answer } from './testing/run-scenario'
import { pagedApi, rows } from './testing/scripted-api'

const NOW = new Date('2026-01-01T00:00:00Z')
const step = httpStep({ pagination: paginate('auto', { items: null }) })
const page = (request: HttpRequest): string => new URL(request.url).search

describe('paginate: auto', () => {
  test('begins its proof again when a failed element is retried, and keeps page 1', () => {
    const plan = compileElementPlan({ step, index: 0, scope: {}, secrets: new Map() })
    const fingerprints: string[] = []
    let answer: (request: HttpRequest) => Answer = () => ({ json: { data: rows(1, 2), total: 4 } })
    let state = initialState(plan)
    const sent: string[] = []
    const run = (): void => {
      for (;;) {
        const action = nextAction(plan, state, NOW)
        if (action.do !== 'request') return
        sent.push(page(action.request))
        const outcome = outcomeOf(answer(action.request), action.request, NOW)
        const recorded = recordOutcome(plan, state, { page: action.page, outcome, now: NOW, random: 0 })
        fingerprints.push(...(recorded.page?.fingerprints ?? []))
        state = fromCheckpoint(JSON.parse(JSON.stringify(toCheckpoint(recorded.state))), fingerprints)
      }
    }
    run()
    expect(state).toMatchObject({
      status: 'failed',
      error: { kind: 'auto_unproven' },
      progress: { pages: 1, items: 2 },
    })
    expect(sent).toEqual(['', '?page=1', '?page=2', '?offset=2'])

    answer = (request) => ({ json: { data: page(request) === '?offset=2' ? rows(3, 2) : rows(1, 2), total: 4 } })
    state = reopenFailed(state)
    run()
    expect(state).toMatchObject({ status: 'completed', stopReason: 'total_reached', progress: { pages: 2, items: 4 } })
    expect(sent.slice(4)).toEqual(['?page=1', '?page=2', '?offset=2'])
  })

  test('begins its proof again when it is retried in the middle of it', () => {
    const plan = compileElementPlan({ step, index: 0, scope: {}, secrets: new Map() })
    // A Link header that leads nowhere is no way to be tried again.
    const answer = { json: { data: rows(1, 2), total: 4 }, headers: { link: '<http://[>; rel="next"' } }
    let state = initialState(plan)
    const sent: string[] = []
    const send = (): void => {
      const action = nextAction(plan, state, NOW)
      if (action.do !== 'request') return
      sent.push(page(action.request))
      const outcome = outcomeOf(answer, action.request, NOW)
      state = recordOutcome(plan, state, { page: action.page, outcome, now: NOW, random: 0 }).state
    }
    send()
    send()
    send()
    expect(sent).toEqual(['', '?page=1', '?page=2'])
    state = reopenFailed(state)
    while (state.status === 'running') send()
    expect(sent.slice(3)).toEqual(['?page=1', '?page=2', '?offset=2'])
    state = reopenFailed(state)
    send()
    expect(sent.slice(6)).toEqual(['?page=1'])
  })

  test('takes a time to filter by for no offset', () => {
    const script = pagedApi(6, 2, ({ number }) => ({ total: 6, page: number }))
    const { state, items } = runScenario({ step: { ...step, params: { from: '1700000000' } }, script })
    expect(state).toMatchObject({ status: 'completed', stopReason: 'total_reached', progress: { pages: 3 } })
    expect(items).toEqual(rows(1, 6))
  })

  test('follows a cursor although a total counts the items of the page only', () => {
    const answers: Record<string, unknown> = {
      '': { data: rows(1, 2), total: 2, next_cursor: 'b' },
      b: { data: rows(3, 2), total: 2, next_cursor: 'c' },
      c: { data: rows(5, 1), total: 1, next_cursor: null },
    }
    const script = (request: HttpRequest): Answer => ({
      json: answers[[...new URL(request.url).searchParams.values()][0] ?? ''] ?? { error: 'no such cursor' },
    })
    const { state, items } = runScenario({ step, script })
    expect(state).toMatchObject({ status: 'completed', stopReason: 'no_next', progress: { pages: 3 } })
    expect(items).toEqual(rows(1, 5))
  })

  test('keeps a secret of a next URL as a marker in the requests it may send', () => {
    const plan = compileElementPlan({
      step: { ...step, params: { key: '{{ secret.KEY }}' } },
      index: 0,
      scope: {},
      secrets: new Map([['KEY', 'geheim-key']]),
    })
    const action = nextAction(plan, initialState(plan), NOW)
    if (action.do !== 'request') throw new Error(action.do)
    const answer = { json: { data: rows(1, 2), next: 'https://api.test/items?key=geheim-key&page=2' } }
    const outcome = outcomeOf(answer, action.request, NOW)
    const { state } = recordOutcome(plan, initialState(plan), { page: 1, outcome, now: NOW, random: 0 })
    if (state.status !== 'running') throw new Error(state.status)
    expect(state.auto?.candidates[0]?.paginate).toEqual({ type: 'next_url', path: 'next' })
    expect(JSON.stringify(state.auto?.candidates.map(({ patch }) => patch))).not.toContain('geheim-key')
    const next = nextAction(plan, state, NOW)
    expect(next.do === 'request' ? page(next.request) : next).toBe('?page=2&key=geheim-key')
  })
})

describe('the block that is written for a choice', () => {
  test('keeps what the author wrote, which wins', () => {
    const choice = {
      type: 'offset',
      param: 'skip',
      start: 0,
      stop: { total_items_path: 'total', has_more_path: 'more' },
    }
    const written = { type: 'auto', items: 'rows', interval: 2, stop: { total_items_path: 'meta.all', max_pages: 5 } }
    expect(writePaginate(choice, written, 'data.rows')).toBe(`paginate:
  type: offset
  param: skip
  start: 0
  items: rows
  interval: 2
  stop:
    total_items_path: meta.all
    has_more_path: more
    max_pages: 5
`)
  })

  test('is valid in a playbook, odd keys included', () => {
    const block = writePaginate({ type: 'next_url', path: "['@odata.nextLink']" }, {}, "['my items']")
    const text = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: t, path: t }
workflow:
  - step: start
    tool: http
    url: https://api.test
${block.replaceAll(/^(?=.)/gm, '    ')}`
    expect(parsePlaybook(text).diagnostics).toEqual([])
  })
})
