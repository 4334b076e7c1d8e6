import { expect, test } from 'vitest'
import { checkHistory } from './check-history'
import type { EventFacts, Expected, History } from './history'

const event = (type: string, index: number | null = null, page: number | null = null): Omit<EventFacts, 'seq'> => ({
  type,
  step: type.startsWith('playbook') ? null : 'fetch',
  index,
  page,
})

const numbered = (events: readonly Omit<EventFacts, 'seq'>[]): EventFacts[] =>
  events.map((facts, place) => ({ ...facts, seq: place + 1 }))

const EVENTS = numbered([
  event('playbook_started'),
  event('step_started'),
  event('iterator_started'),
  event('iteration_started', 0),
  event('page_fetched', 0, 1),
  event('page_fetched', 0, 2),
  event('iteration_completed', 0),
  event('iterator_completed'),
  event('step_result'),
  event('playbook_completed'),
])

/** One element of two pages, three items each. */
const WHOLE: History = {
  executionId: '7',
  status: 'COMPLETED',
  error: null,
  endedAt: new Date(9),
  lastSeq: EVENTS.length,
  pages: 2,
  items: 6,
  steps: [{ step: 'fetch', status: 'COMPLETED', size: 1, completed: 1, failed: 0, skipped: 0, pages: 2, items: 6 }],
  iterations: [{ step: 'fetch', index: 0, status: 'COMPLETED', pages: 2, items: 6 }],
  stored: [1, 2].map((page) => ({ step: 'fetch', index: 0, page, items: 3, savedAt: new Date(page) })),
  failures: [],
  events: EVENTS,
  children: [],
}

const EXPECTED: Expected = {
  steps: { fetch: { elements: 1, pages: 2, items: 3 } },
  asked: new Map([
    ['fetch/0/1', 1],
    ['fetch/0/2', 1],
  ]),
  interruptions: 0,
  sinkRows: { expected: 1, stored: ['a'] },
}

const without = (place: number): EventFacts[] => numbered(EVENTS.toSpliced(place, 1))
const inserted = (place: number, facts: Omit<EventFacts, 'seq'>): EventFacts[] =>
  numbered([...EVENTS.slice(0, place), facts, ...EVENTS.slice(place)])
const withEvents = (events: readonly EventFacts[]): Partial<History> => ({ events, lastSeq: events.length })

test('a whole run breaks no promise', () => {
  expect(checkHistory(WHOLE, EXPECTED)).toEqual({
    pagesExpected: 2,
    pagesStored: 2,
    requestedTwice: 0,
    events: 10,
    gaps: 0,
    broken: [],
  })
})

test.each<[string, Partial<History>, RegExp]>([
  ['a page that is missing', { stored: WHOLE.stored.slice(0, 1) }, /page fetch\/0\/2 is missing/],
  ['a page without an event', withEvents(without(5)), /page fetch\/0\/2 is stored, but no event tells of it/],
  ['a page told twice', withEvents(inserted(6, event('page_fetched', 0, 2))), /told of 2 times/],
  [
    'pages out of order',
    withEvents(
      numbered(
        EVENTS.with(4, { ...event('page_fetched', 0, 2), seq: 0 }).with(5, { ...event('page_fetched', 0, 1), seq: 0 }),
      ),
    ),
    /page fetch\/0\/1 was told after page 2/,
  ],
  ['a gap in seq', { events: EVENTS.toSpliced(3, 1) }, /event 4 has seq 5/],
  [
    'an element that ended twice',
    withEvents(inserted(7, event('iteration_completed', 0))),
    /iteration_completed fetch\/0 was told 2 times/,
  ],
  ['an element that never began', withEvents(without(3)), /iteration_started fetch\/0 was never told/],
  ['a counter that is off', { items: 9 }, /items of the execution is 9, counted are 6/],
  [
    'an event after the end',
    withEvents(numbered([...EVENTS, event('page_fetched', 0, 2)])),
    /last event is page_fetched/,
  ],
  ['a run that did not end', { status: 'RUNNING' }, /has not ended, it is RUNNING/],
])('%s is found', (_name, change, finding) => {
  expect(checkHistory({ ...WHOLE, ...change }, EXPECTED).broken.join('\n')).toMatch(finding)
})

test('a page asked for again is counted, and no promise is broken while something was interrupted', () => {
  const asked = new Map([...EXPECTED.asked, ['fetch/0/2', 2] as const])
  expect(checkHistory(WHOLE, { ...EXPECTED, asked, interruptions: 1 })).toMatchObject({ requestedTwice: 1, broken: [] })
  expect(checkHistory(WHOLE, { ...EXPECTED, asked }).broken.join()).toMatch(/asked for 2 times, with 0 interruptions/)
})

test('a row that a sink stored twice is found', () => {
  const sinkRows = { expected: 1, stored: ['a', 'a'] }
  expect(checkHistory(WHOLE, { ...EXPECTED, sinkRows }).broken.join()).toMatch(
    /stored 1 rows more than once, such as a/,
  )
})
