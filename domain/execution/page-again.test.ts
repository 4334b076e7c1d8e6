import { describe, expect, it } from 'vitest'
import { parsePlaybook } from '../playbook/parse-playbook'
import { buildRequest, describeRequest } from '../pagination/build-request'
import { applyPatch } from '../pagination/request-draft'
import { initialState, nextAction, recordOutcome } from './element'
import { compileElementPlan, type ElementPlan } from './element-plan'
import { nextChanged, sizeChanged, stateForPage, type SavedPage } from './page-again'
import { AT_ONCE } from '../pagination/read-page'
import { itemsOf, outcomeOf } from './testing/run-scenario'
import { rows } from './testing/scripted-api'

const secrets = new Map([['KEY', 'k-123']])

function planOf(step: string): ElementPlan {
  const { playbook } = parsePlaybook(`apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: t, path: tests/t }
workflow:
  - step: start
    tool: http
    ${step}
`)
  const http = playbook?.workflow[0]
  if (http?.tool !== 'http') throw new Error('no http step')
  return compileElementPlan({ step: http, index: 0, scope: {}, secrets })
}

/** The request that a page saved with this request is asked for again with. */
function requestAgain(plan: ElementPlan, saved: Partial<SavedPage> & { request: SavedPage['request'] }): string | null {
  const state = stateForPage(
    plan,
    {
      page: 3,
      attempt: 2,
      next: { rule: 'x', stop_reason: 'no_next' },
      receivedBefore: 20,
      itemsBefore: 20,
      fingerprintsBefore: [],
      choice: null,
      ...saved,
    },
    initialState(plan).progress,
  )
  if (state === null) return null
  const action = nextAction(plan, state, new Date())
  if (action.do !== 'request') throw new Error(action.do)
  const { method, url, body } = action.request
  return [method, url, body].filter((part) => part !== null).join(' ')
}

/** A patched first request as a page keeps it. */
const stored = (plan: ElementPlan, patch: Parameters<typeof applyPatch>[1]): SavedPage['request'] => ({
  ...describeRequest(applyPatch(plan.first, patch)),
})

describe('the request of a saved page, made again', () => {
  it('changes what the page had changed, and keeps the secrets of the first one', () => {
    const plan = planOf(
      'url: "https://api.test/items?fixed=1"\n    params: { page: 1, key: "{{ secret.KEY }}" }\n    paginate: { type: page }',
    )
    expect(requestAgain(plan, { request: stored(plan, { params: { page: 3 } }) })).toBe(
      'GET https://api.test/items?fixed=1&page=3&key=k-123',
    )
  })

  it('follows a next URL with its own query, and leaves out what was taken away', () => {
    const plan = planOf(
      'url: "https://api.test/items"\n    params: { per_page: 2, gone: x, key: "{{ secret.KEY }}" }\n    paginate: { type: next_url, path: next }',
    )
    const request = stored(plan, {
      url: 'https://api.test/items/after',
      params: { token: 'abc' },
      replacesParams: true,
    })
    expect(requestAgain(plan, { request })).toBe('GET https://api.test/items/after?key=k-123&token=abc')
  })

  it('sends the JSON body of that page', () => {
    const plan = planOf(
      'method: POST\n    url: "https://api.test/graphql"\n    json: { query: "{ x }", variables: { first: 2 } }\n    paginate: { type: cursor, path: next, param: variables.cursor, in: json }',
    )
    const request = stored(plan, { json: { variables: { cursor: 'c3' } } })
    expect(requestAgain(plan, { request })).toBe(
      'POST https://api.test/graphql {"query":"{ x }","variables":{"first":2,"cursor":"c3"}}',
    )
  })

  it('is refused where a secret came in an answer, which is not stored', () => {
    const plan = planOf('url: "https://api.test/items"\n    paginate: { type: next_url, path: next }')
    const request = { ...stored(plan, {}), url: 'https://api.test/•••/3' }
    expect(requestAgain(plan, { request })).toBeNull()
    const signed = { ...stored(plan, {}), url: 'https://api.test/items/3', params: { signature: '•••' } }
    expect(requestAgain(plan, { request: signed })).toBeNull()
  })

  it('counts on from the offset that was sent', () => {
    const plan = planOf('url: "https://api.test/items"\n    paginate: { type: offset, limit: 10, items: data }')
    const saved = { page: 3, request: stored(plan, { params: { offset: 14 } }) }
    expect(requestAgain(plan, saved)).toContain('offset=14')
    expect(buildRequest(plan.first, plan).url).toContain('offset=0')
  })
})

/** The request after a saved page that is asked for and answered again; null: the end. */
function requestAfter(plan: ElementPlan, saved: Pick<SavedPage, 'request' | 'choice'>, items: number): string | null {
  const state = stateForPage(
    plan,
    {
      page: 3,
      attempt: 2,
      next: { rule: 'no stop rule holds', stop_reason: 'empty_page' },
      receivedBefore: 3,
      itemsBefore: 4,
      fingerprintsBefore: [],
      ...saved,
    },
    { ...initialState(plan).progress, firstPageItems: 2 },
  )
  const action = state === null ? null : nextAction(plan, state, new Date(0))
  if (state === null || action?.do !== 'request') throw new Error('there is no request')
  const outcome = outcomeOf({ json: { data: rows(5, items), total: 40 } }, action.request, new Date(0))
  const recorded = recordOutcome(plan, state, { page: 3, outcome, now: new Date(0), random: 0 })
  const next = nextAction(plan, recorded.state, new Date(0))
  return next.do === 'request' ? `${next.request.url} ${next.request.body ?? ''}`.trim() : null
}

describe('the request after a saved page that came again', () => {
  const AUTO = 'method: POST\n    url: "https://api.test/items"\n    json: { at: { page: 1, offset: 0 } }\n'

  it('is the next page number, or offset, of the way that was found out', () => {
    const plan = planOf(`${AUTO}    paginate: { type: auto, items: data }`)
    const byPage = { type: 'page', in: 'json', param: 'at.page', start: 1 }
    const third = stored(plan, { set: { 'at.page': 3 } })
    expect(requestAfter(plan, { request: third, choice: byPage }, 2)).toContain('"page":4')
    const byOffset = { type: 'offset', in: 'json', param: 'at.offset', start: 0 }
    const fourth = stored(plan, { set: { 'at.offset': 4 } })
    expect(requestAfter(plan, { request: fourth, choice: byOffset }, 2)).toContain('"offset":6')
  })

  it('is told although pages may be fetched at once, where they came in sequence', () => {
    const plan = planOf(
      'url: "https://api.test/items"\n    params: { p: 1 }\n    paginate: { type: page, param: p, items: data, parallel: 4 }',
    )
    const request = stored(plan, { params: { p: 3 } })
    expect(requestAfter(plan, { request, choice: null }, 2)).toBe('https://api.test/items?p=4')
  })
})

describe('a saved page of several that were fetched at once', () => {
  it('keeps as many items as were its own, and warns of those beyond', () => {
    const plan = planOf('url: "https://api.test/items"\n    paginate: { type: offset, items: data, parallel: 4 }')
    const saved: SavedPage = {
      page: 3,
      attempt: 2,
      request: stored(plan, { params: { offset: 7 } }),
      next: { rule: AT_ONCE.rule, values: { received: 9, most_items: 3 } },
      receivedBefore: 6,
      itemsBefore: 6,
      fingerprintsBefore: [],
      choice: null,
    }
    const state = stateForPage(plan, saved, { ...initialState(plan).progress, firstPageItems: 5 })
    const action = state === null ? null : nextAction(plan, state, new Date(0))
    if (state === null || action?.do !== 'request') throw new Error('there is no request')
    expect(action.request.url).toBe('https://api.test/items?offset=7')
    const outcome = outcomeOf({ json: { data: rows(8, 5) } }, action.request, new Date(0))
    const { page } = recordOutcome(plan, state, { page: 3, outcome, now: new Date(0), random: 0 })
    expect(page && itemsOf(page)).toEqual(rows(8, 3))
    expect(page?.next['warnings']).toMatchObject([{ kind: 'server_page_size_differs' }])
  })
})

describe('where a page that was fetched again leads', () => {
  const request = (page: number) => ({ method: 'GET', url: 'https://api.test/items', params: { page }, body: null })

  it('is no matter when it is the way the next page came', () => {
    expect(nextChanged(2, { now: request(3), followed: request(3), isSame: true })).toBeNull()
  })

  it('is told when it is another way, an end, or no end any more', () => {
    const told = (now: ReturnType<typeof request> | null, followed: ReturnType<typeof request> | null) =>
      nextChanged(2, { now, followed, isSame: false })?.message
    expect(told(request(9), request(3))).toMatch(
      /leads to .*"page":9.* and not to .*"page":3.* items may be missing or twice/,
    )
    expect(told(null, request(3))).toContain('leads to the end')
    expect(told(request(3), null)).toContain('says that more follows')
  })
})

describe('a page of offsets fetched at once that comes again', () => {
  const plan = planOf('url: "https://api.test/items"\n    paginate: { type: offset, items: data, parallel: 4 }')
  const saved = { page: 3, next: { rule: AT_ONCE.rule, values: { received: 9, most_items: 3 } } }

  it('with other items than it had may leave some out, or bring some twice', () => {
    expect(sizeChanged(plan, saved, { before: 3, now: 2 })).toMatchObject({
      kind: 'next_changed',
      page: 3,
      message: expect.stringContaining('has 2 items where it had 3, '),
    })
    expect(sizeChanged(plan, saved, { before: 2, now: 3 })?.message).toMatch(/may be in the page that filled it in/)
  })

  it('is as it was with as many items, and where pages were asked for in turn', () => {
    expect(sizeChanged(plan, saved, { before: 3, now: 3 })).toBeNull()
    expect(sizeChanged(plan, { page: 3, next: { rule: 'x' } }, { before: 3, now: 2 })).toBeNull()
  })
})
