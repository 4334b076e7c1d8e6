import { describe, expect, test } from 'vitest'
import type { HttpRequest } from '../http-message'
import type { HttpStep } from '../playbook/playbook'
import { initialState, nextAction, recordOutcome, reopenFailed } from './element'
import { fromCheckpoint, toCheckpoint } from './element-checkpoint'
import { compileElementPlan, type ElementPlan } from './element-plan'
import type { ElementState } from './element-state'
import { errorPolicy, httpStep, paginate } from './testing/http-step'
import { itemsOf, outcomeOf, runScenario, type Answer } from './testing/run-scenario'
import { pagedApi, offsetApi, rows } from './testing/scripted-api'

const NOW = new Date('2026-01-01T00:00:00Z')
const planOf = (pagination: ReturnType<typeof paginate>, step: Partial<HttpStep> = {}): ElementPlan =>
  compileElementPlan({ step: httpStep({ pagination, ...step }), index: 0, scope: {}, secrets: new Map() })

type Flight = { page: number; request: HttpRequest }

/** Starts all that may be started, lands the flight that `choose` picks, and so on to the end. */
function fly(plan: ElementPlan, answer: (request: HttpRequest) => Answer, choose: (flights: Flight[]) => number) {
  let state: ElementState = initialState(plan)
  const flights: Flight[] = []
  const pages: number[] = []
  const fingerprints: string[] = []
  const items: unknown[] = []
  let most = 0
  for (;;) {
    const action = nextAction(plan, state, NOW, new Set(flights.map(({ page }) => page)))
    if (action.do === 'stop') return { state, pages, items, most }
    if (action.do === 'request') {
      flights.push({ page: action.page, request: action.request })
      most = Math.max(most, flights.length)
      continue
    }
    const [landed] = flights.splice(choose(flights), 1)
    if (landed === undefined) throw new Error('nothing is in flight and nothing can be started')
    const outcome = outcomeOf(answer(landed.request), landed.request, NOW)
    const recorded = recordOutcome(plan, state, { page: landed.page, outcome, now: NOW, random: 0 })
    if (recorded.page !== null) {
      pages.push(recorded.page.page)
      fingerprints.push(...recorded.page.fingerprints)
      items.push(...itemsOf(recorded.page))
    }
    state = fromCheckpoint(toCheckpoint(recorded.state), fingerprints)
  }
}

const numberOf = ({ url }: HttpRequest): number => Number(new URL(url).searchParams.get('page') ?? 1)
const last = (flights: Flight[]): number => flights.length - 1

describe('pages fetched at once', () => {
  test('keeps as many in flight as `parallel` allows, whatever comes in first', () => {
    const plan = planOf(paginate('page', { parallel: 3, stop: { totalItemsPath: 'total' } }))
    const { state, pages, most } = fly(
      plan,
      pagedApi(19, 2, () => ({ total: 19 })),
      last,
    )
    expect(most).toBe(3)
    expect(pages.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(state).toMatchObject({
      status: 'completed',
      stopReason: 'total_reached',
      progress: { items: 19, warnings: [] },
    })
  })

  test('counts offsets by the size of page 1', () => {
    const plan = planOf(paginate('offset', { parallel: 4, limit: 50, stop: { totalItemsPath: 'total' } }))
    const { state } = fly(
      plan,
      offsetApi(13, 3, () => ({ total: 13 })),
      last,
    )
    expect(state).toMatchObject({
      status: 'completed',
      progress: { pages: 5, items: 13, warnings: [{ kind: 'server_page_size_differs' }] },
    })
  })

  test('go on at once as soon as page 2 has proved what `auto` chose', () => {
    const answer = pagedApi(19, 2, ({ number }) => ({ total: 19, page: number }))
    const automatic = planOf(paginate('auto', { parallel: 3 }))
    const { state, pages, most } = fly(automatic, answer, last)
    expect(most).toBe(3)
    expect(pages.slice(0, 2)).toEqual([1, 2])
    expect(pages.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(state).toMatchObject({
      status: 'completed',
      stopReason: 'total_reached',
      progress: { items: 19, warnings: [] },
    })
  })

  test('go one after another where `auto` follows tokens, or page 2 has another size than page 1', () => {
    const tokens = (request: HttpRequest): Answer => {
      const at = Number(new URL(request.url).searchParams.get('cursor') ?? 0)
      return { json: { data: rows(at + 1, 2), total: 8, next_cursor: at < 6 ? String(at + 2) : null } }
    }
    const sizes = [3, 2, 2, 1]
    const shrinking = (request: HttpRequest): Answer => {
      const at = Number(new URL(request.url).searchParams.get('offset') ?? 0)
      return { json: { data: rows(at + 1, sizes[[0, 3, 5, 7].indexOf(at)] ?? 0), total: 8, offset: at } }
    }
    for (const answer of [tokens, shrinking]) {
      const { state, most } = fly(planOf(paginate('auto', { parallel: 4 })), answer, last)
      expect(most).toBe(1)
      expect(state).toMatchObject({ stopReason: 'total_reached', progress: { items: 8, pages: 4 } })
    }
  })

  test('compares the total when all have come in', () => {
    const plan = planOf(paginate('page', { parallel: 2, stop: { totalItemsPath: 'total' } }))
    const { state } = fly(
      plan,
      pagedApi(5, 2, () => ({ total: 8 })),
      () => 0,
    )
    expect(state.progress.warnings.map(({ kind }) => kind)).toContain('total_mismatch')
  })

  test('ends at max_pages and says that there was more', () => {
    const plan = planOf(paginate('page', { parallel: 2, stop: { totalItemsPath: 'total', maxPages: 3 } }))
    const { state, pages } = fly(
      plan,
      pagedApi(50, 2, () => ({ total: 50 })),
      last,
    )
    expect(pages).toHaveLength(3)
    expect(state).toMatchObject({ stopReason: 'max_pages', progress: { warnings: [{ kind: 'more_available' }] } })
  })

  test('goes one after another where the total is unknown', () => {
    const plan = planOf(paginate('page', { parallel: 4 }))
    expect(fly(plan, pagedApi(4, 2), last).most).toBe(1)
  })

  test('goes one after another where items must be counted in order', () => {
    const plan = planOf(paginate('page', { parallel: 4, stop: { totalItemsPath: 'total', maxItems: 5 } }))
    expect(
      fly(
        plan,
        pagedApi(10, 2, () => ({ total: 10 })),
        last,
      ).most,
    ).toBe(1)
  })

  test('ends at max_pages where the API counts pages and no items', () => {
    const plan = planOf(paginate('page', { parallel: 2, stop: { totalPagesPath: 'pages', maxPages: 3 } }))
    const { state, pages } = fly(
      plan,
      pagedApi(50, 5, () => ({ pages: 10 })),
      last,
    )
    expect(pages).toHaveLength(3)
    expect(state).toMatchObject({ stopReason: 'max_pages', progress: { warnings: [{ kind: 'more_available' }] } })
  })

  test.each([
    ['first', () => 0],
    ['last', last],
  ] as const)('end as the flag of the last page says, the %s in flight coming in first', (_, choose) => {
    const flagged = (stop: NonNullable<Parameters<typeof paginate>[1]>['stop'], more: (page: number) => boolean) =>
      fly(
        planOf(paginate('page', { parallel: 3, stop: { totalItemsPath: 'total', hasMorePath: 'more', ...stop } })),
        pagedApi(80, 10, ({ number }) => ({ total: 80, more: more(number) })),
        choose,
      ).state
    expect(flagged({}, (page) => page < 8)).toMatchObject({ stopReason: 'total_reached', progress: { warnings: [] } })
    expect(flagged({}, () => true)).toMatchObject({
      stopReason: 'total_reached',
      progress: { items: 80, warnings: [{ kind: 'more_available' }] },
    })
    expect(flagged({ maxPages: 5 }, () => true)).toMatchObject({
      stopReason: 'max_pages',
      progress: { warnings: [{ kind: 'more_available' }] },
    })
    expect(flagged({ maxPages: 5 }, (page) => page < 5)).toMatchObject({
      stopReason: 'has_more_false',
      progress: { items: 50, warnings: [{ kind: 'total_mismatch' }] },
    })
  })

  test('reach the total before max_pages where later pages are longer than the first', () => {
    const plan = planOf(paginate('page', { parallel: 3, stop: { totalItemsPath: 'total', maxPages: 3 } }))
    const sizes = [3, 5, 2]
    const answer = (request: HttpRequest): Answer => {
      const page = numberOf(request)
      return { json: { data: rows(page * 10, sizes[page - 1] ?? 0), total: 10 } }
    }
    expect(fly(plan, answer, last).state).toMatchObject({
      stopReason: 'total_reached',
      progress: { items: 10, warnings: [] },
    })
  })

  test.each([
    ['page', 'total', last],
    ['page', 'pages', last],
    ['offset', 'total', last],
    ['page', 'total', (): number => 0],
  ] as const)(
    'ask for no more where pages are empty long before what the API counts: %s, %s',
    (type, counts, choose) => {
      const stop = counts === 'total' ? { totalItemsPath: 'count' } : { totalPagesPath: 'count' }
      const api = type === 'page' ? pagedApi : offsetApi
      const plan = planOf(paginate(type, { parallel: 4, stop }))
      const { state, pages } = fly(
        plan,
        api(35, 10, () => ({ count: 1_000_000 })),
        choose,
      )
      expect(pages.length).toBeLessThanOrEqual(9)
      expect(state).toMatchObject({ status: 'completed', stopReason: 'empty_page', progress: { items: 35 } })
      const kinds = state.progress.warnings
        .map(({ kind }) => kind)
        .filter((kind) => kind !== 'server_page_size_differs')
      expect(kinds).toEqual([
        'empty_page_before_total',
        'more_available',
        ...(counts === 'total' ? ['total_mismatch'] : []),
      ])
    },
  )

  test('go on past an empty page where one behind it has items', () => {
    const plan = planOf(paginate('page', { parallel: 3, stop: { totalItemsPath: 'total' } }))
    const answer = pagedApi(100, 10, () => ({ total: 100 }))
    const { state } = fly(
      plan,
      (request) => (numberOf(request) === 4 ? { json: { data: [], total: 100 } } : answer(request)),
      () => 0,
    )
    expect(state).toMatchObject({ stopReason: 'total_reached', progress: { items: 90 } })
    expect(state.progress.warnings.map(({ kind }) => kind)).toEqual(['empty_page_before_total', 'total_mismatch'])
  })

  test('begins at the first page asked for and asks for none past the end', () => {
    const numbered = planOf(paginate('page', { parallel: 4, start: 3, stop: { totalItemsPath: 'total' } }))
    const answer = pagedApi(50, 5, () => ({ total: 50 }))
    const byNumber = fly(
      numbered,
      (request) => (numberOf(request) > 10 ? { status: 404, json: {} } : answer(request)),
      last,
    )
    expect(byNumber.pages).toHaveLength(8)
    expect(byNumber.state).toMatchObject({ stopReason: 'total_reached', progress: { items: 40, warnings: [] } })
    const offset = planOf(paginate('offset', { parallel: 4, start: 20, limit: 5, stop: { totalItemsPath: 'total' } }))
    const byOffset = fly(
      offset,
      offsetApi(50, 5, () => ({ total: 50 })),
      last,
    )
    expect(byOffset.pages).toHaveLength(6)
    expect(byOffset.state).toMatchObject({ stopReason: 'total_reached', progress: { items: 30, warnings: [] } })
  })

  test('goes on where the total grows while it runs', () => {
    const plan = planOf(paginate('page', { parallel: 4, stop: { totalItemsPath: 'total' } }))
    const grown = pagedApi(80, 10, ({ number }) => ({ total: number === 1 ? 50 : 80 }))
    const { state, pages } = fly(plan, grown, last)
    expect(pages).toHaveLength(8)
    expect(state).toMatchObject({ stopReason: 'total_reached', progress: { items: 80, warnings: [] } })
  })

  test('fails where the API ignores the page, as it would one after another', () => {
    const plan = planOf(paginate('page', { parallel: 4, stop: { totalItemsPath: 'total' } }))
    const { state } = fly(plan, () => ({ json: { data: rows(1, 10), total: 50 } }), last)
    expect(state).toMatchObject({ status: 'failed', error: { kind: 'loop_detected' } })
  })

  test.each([
    ['first', () => 0],
    ['last', last],
  ] as const)('keeps the pages before one that a status ends at, the %s in flight coming in first', (_, choose) => {
    const plan = planOf(paginate('page', { parallel: 4, stop: { totalItemsPath: 'total', statusCodes: [404] } }))
    const answer = pagedApi(100, 10, () => ({ total: 100 }))
    const { state } = fly(
      plan,
      (request) => (numberOf(request) >= 4 ? { status: 404, json: {} } : answer(request)),
      choose,
    )
    expect(state).toMatchObject({
      stopReason: 'stop_status',
      progress: { items: 30, warnings: [{ kind: 'total_mismatch' }] },
    })
  })

  const failingAt = (...numbers: number[]) => {
    const answer = pagedApi(100, 10, () => ({ total: 100 }))
    return (request: HttpRequest): Answer =>
      numbers.includes(numberOf(request)) ? { status: 500, json: {} } : answer(request)
  }
  const once = { retry: { onError: [errorPolicy({ maxAttempts: 1 })] } }

  test.each([
    { failing: [2, 3], parallel: 2, choose: (): number => 0 },
    { failing: [2, 3, 4, 5], parallel: 4, choose: last },
    { failing: [9, 10], parallel: 4, choose: last },
    {
      failing: [3],
      parallel: 4,
      choose: (flights: Flight[]): number =>
        Math.max(
          0,
          flights.findIndex(({ page }) => page !== 3),
        ),
    },
  ])(
    'leaves out $failing with on_page_error: skip and asks for every other page once',
    ({ failing, parallel, choose }) => {
      const plan = planOf(paginate('page', { parallel, onPageError: 'skip', stop: { totalItemsPath: 'total' } }), once)
      const { state, pages } = fly(plan, failingAt(...failing), choose)
      const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((page) => !failing.includes(page))
      expect(pages.toSorted((a, b) => a - b)).toEqual(expected)
      expect(state).toMatchObject({ stopReason: 'total_reached', progress: { items: expected.length * 10 } })
      expect(state.progress.warnings).toMatchObject([
        { kind: 'page_skipped', count: failing.length },
        { kind: 'total_mismatch' },
      ])
    },
  )

  test('keeps the pages before one that failed with on_page_error: stop', () => {
    const plan = planOf(paginate('page', { parallel: 4, onPageError: 'stop', stop: { totalItemsPath: 'total' } }), once)
    const { state, pages } = fly(plan, failingAt(5), last)
    expect(pages.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4])
    expect(state).toMatchObject({ stopReason: 'page_error', progress: { items: 40 } })
  })
})

/** Offsets whose pages hold what `sizeAt` says; items have no id. Counts the items that came of each. */
const unevenApi =
  (total: number, sizeAt: (start: number) => number) =>
  ({ url }: HttpRequest): Answer => {
    const start = Number(new URL(url).searchParams.get('offset') ?? 0)
    const size = Math.max(0, Math.min(sizeAt(start), total - start))
    return { json: { data: Array.from({ length: size }, (_, n) => ({ name: `n${start + n}` })), total } }
  }

describe('offsets fetched at once from a server that caps its pages now and then', () => {
  const uneven = planOf(paginate('offset', { parallel: 4, limit: 10, stop: { totalItemsPath: 'total' } }))
  const names = (total: number): string[] => Array.from({ length: total }, (_, n) => `n${n}`)
  const namesOf = (items: readonly unknown[]): unknown[] =>
    items.map((item) => (typeof item === 'object' && item !== null && 'name' in item ? item.name : item))
  const sorted = (items: readonly unknown[]): unknown[] =>
    namesOf(items).toSorted((a, b) => Number(String(a).slice(1)) - Number(String(b).slice(1)))

  test.each([
    ['a page in the middle', (start: number): number => (start === 20 ? 7 : 10)],
    ['a page twice over', (start: number): number => (start >= 20 && start < 29 ? 3 : 10)],
    ['the last page', (start: number): number => (start === 40 ? 2 : 10)],
    ['the first page alone', (start: number): number => (start === 0 ? 4 : 10)],
    ['every page, each differently', (start: number): number => 1 + ((start * 7) % 10)],
    ['no page', (): number => 10],
  ])('lose no item and bring none twice: %s', (_, sizeAt) => {
    for (const choose of [last, (): number => 0, (flights: Flight[]): number => flights.length >> 1]) {
      const { state, items } = fly(uneven, unevenApi(47, sizeAt), choose)
      expect(sorted(items)).toEqual(names(47))
      expect(state).toMatchObject({ status: 'completed', stopReason: 'total_reached', progress: { items: 47 } })
      expect(state.progress.warnings.map(({ kind }) => kind)).not.toContain('total_mismatch')
    }
  })

  test('say which page was not as long as due', () => {
    const { state } = fly(
      uneven,
      unevenApi(47, (start) => (start === 20 ? 7 : 10)),
      last,
    )
    expect(state.progress.warnings).toMatchObject([
      { kind: 'server_page_size_differs', page: 3, message: expect.stringMatching(/7 items where 10 were due/) },
    ])
  })

  test('end at max_pages, which counts what is asked for to fill in', () => {
    const plan = planOf(paginate('offset', { parallel: 2, limit: 10, stop: { totalItemsPath: 'total', maxPages: 5 } }))
    const { state, pages } = fly(
      plan,
      unevenApi(47, (start) => (start === 20 ? 7 : 10)),
      last,
    )
    expect(pages).toHaveLength(5)
    expect(state).toMatchObject({ status: 'completed', stopReason: 'max_pages' })
    expect(state.progress.warnings.map(({ kind }) => kind)).toEqual(['server_page_size_differs', 'more_available'])
  })

  test.each([
    ['first', (): number => 0],
    ['last', last],
  ] as const)('are filled in before a page that a status ends at, the %s in flight coming in first', (_, choose) => {
    const plan = planOf(
      paginate('offset', { parallel: 4, limit: 10, stop: { totalItemsPath: 'total', statusCodes: [404] } }),
    )
    const answer = unevenApi(100, (start) => (start === 10 ? 7 : 10))
    const { state, items } = fly(
      plan,
      (request) => (/offset=30/.test(request.url) ? { status: 404, json: {} } : answer(request)),
      choose,
    )
    expect(sorted(items).filter((name) => Number(String(name).slice(1)) < 30)).toEqual(names(30))
    expect(state).toMatchObject({ status: 'completed', stopReason: 'stop_status' })
  })

  test('tell of an empty page in the middle, and ask for it no more', () => {
    const { state, pages } = fly(
      uneven,
      unevenApi(47, (start) => (start === 20 ? 0 : 10)),
      () => 0,
    )
    expect(pages).toHaveLength(5)
    expect(state.progress.warnings.map(({ kind }) => kind)).toEqual(['empty_page_before_total', 'total_mismatch'])
  })

  test('may be filled in with items that are alike', () => {
    const alike = (request: HttpRequest): Answer => {
      const start = Number(new URL(request.url).searchParams.get('offset') ?? 0)
      const data = start % 10 === 0 ? rows(start, start === 0 ? 10 : 9) : [{ name: 'the same' }, { name: 'more' }]
      return { json: { data, total: 40 } }
    }
    const { state, items } = fly(uneven, alike, last)
    expect(items.filter((item) => namesOf([item])[0] === 'the same')).toHaveLength(3)
    expect(state).toMatchObject({ status: 'completed', progress: { items: 40 } })
    expect(state.progress.warnings.map(({ kind }) => kind)).toEqual(['server_page_size_differs'])
  })

  test('take a last page that is empty because the total has shrunk for what it is, whatever came in first', () => {
    const shrunk = ({ url }: HttpRequest): Answer => {
      const start = Number(new URL(url).searchParams.get('offset') ?? 0)
      return { json: { data: start < 20 ? rows(start + 1, 10) : [], total: start === 0 ? 30 : 20 } }
    }
    const { state } = fly(uneven, shrunk, last)
    expect(state).toMatchObject({ stopReason: 'total_reached', progress: { items: 20 } })
    // What went away may have moved others up, which is all there is to say.
    expect(state.progress.warnings).toMatchObject([
      { kind: 'total_mismatch', message: expect.stringContaining('counted 30 before') },
    ])
  })
})

describe('a failed element', () => {
  test('is opened again at the page that failed, and numbers its tries on', () => {
    const step = httpStep({ pagination: paginate('page') })
    const script = [{ json: { data: rows(1, 2) } }, { status: 404, text: 'gone' }]
    const failed = runScenario({ step, script })
    const plan = compileElementPlan({ step, index: 0, scope: {}, secrets: new Map() })
    const action = nextAction(plan, reopenFailed(failed.state), NOW)
    expect(action).toMatchObject({
      do: 'request',
      page: 2,
      attempt: 2,
      request: { url: 'https://api.test/items?page=2' },
    })
  })

  test('keeps what its finished pages hold', () => {
    const script = [{ json: { data: rows(1, 2) } }, { status: 404, text: 'gone' }]
    const { state } = runScenario({ step: httpStep({ pagination: paginate('page') }), script })
    expect(state).toMatchObject({
      status: 'failed',
      progress: { pages: 1, items: 2 },
      error: { kind: 'http_error', page: 2, attempt: 1, status: 404 },
    })
  })
})
