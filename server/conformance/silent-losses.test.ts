import { expect } from 'vitest'
import { wireSuite, type Row } from './testing/suite'

const warned =
  (kind: string, says: string | RegExp): NonNullable<Row['also']> =>
  ({ state }) => {
    const message = state.progress.warnings.find((warning) => warning.kind === kind)?.message
    expect(message).toMatch(says)
  }

/** Items whose `t` is not unique, in its order, four a page; the bound includes its own value or not. */
const tied =
  (isIncluded: boolean, times = [1, 2, 3, 3, 3, 4, 5, 5, 5, 6], total?: number): Row['script'] =>
  ({ query }) => {
    const after = Number(query['after'] ?? -1)
    const items = times.map((t, index) => ({ id: index + 1, t }))
    const data = items.filter(({ t }) => t > after || (isIncluded && t === after)).slice(0, 4)
    return { json: { data, ...(total !== undefined && { total }) } }
  }
const BY_TIME = 'paginate: { type: last_record, field: t, param: after, items: data'
const after = (...values: number[]): string[] => ['/items', ...values.map((value) => `/items?after=${value}`)]

wireSuite('last records by a field that is not unique', [
  {
    name: 'leave out what has the value of the last one, which is told',
    step: `${BY_TIME} }`,
    script: tied(false),
    requests: after(3, 5, 6),
    items: [1, 2, 3, 4, 6, 7, 8, 9, 10],
    stop: 'no_next',
    warnings: ['field_not_unique'],
    also: warned('field_not_unique', 'have the same `t`, and page 2 begins after 3'),
  },
  {
    name: 'may end on a value that others have, too',
    step: `${BY_TIME} }`,
    script: tied(false, [1, 2, 3, 3, 3]),
    requests: after(3),
    items: [1, 2, 3, 4],
    stop: 'no_next',
    warnings: ['field_not_unique'],
  },
  {
    name: 'leave the telling to a total, which knows',
    step: `${BY_TIME}, stop: { total_items_path: total } }`,
    script: tied(false, [1, 1, 2, 3, 4, 5], 6),
    requests: after(3),
    items: [1, 2, 3, 4, 5, 6],
    stop: 'total_reached',
  },
  {
    name: 'lose nothing where the bound includes its value, and end there',
    step: `${BY_TIME}, dedupe: id }`,
    script: tied(true),
    requests: after(3, 4, 5, 6),
    items: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    stop: 'no_next',
    warnings: ['duplicates_dropped'],
  },
  {
    name: 'end at the only item there is',
    step: `${BY_TIME}, dedupe: id }`,
    script: tied(true, [1]),
    requests: after(1),
    items: [1],
    stop: 'no_next',
    warnings: ['repeated_page', 'duplicates_dropped'],
  },
  {
    name: 'that fill more than a page with one value get no further, and say so',
    step: `${BY_TIME}, dedupe: id }`,
    script: tied(true, [1, 2, 2, 2, 2, 2, 3]),
    requests: after(2, 2).slice(0, 2),
    items: [1, 2, 3, 4],
    error: 'loop_detected',
    says: 'ends with the value 2, which page 1 ended with before',
  },
])
