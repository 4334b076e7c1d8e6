import type { Draw } from './draw'

/** How pages follow each other. Of `auto` it is told what the API goes by, and what is therefore to be found out. */
const PAGINATIONS = [
  'page',
  'offset',
  'cursor',
  'link',
  'next_url',
  'pages at once',
  'offsets at once',
  'next_call',
  'next_call in a list',
  'auto by page',
  'auto by token',
  'auto by link',
] as const
export type Pagination = (typeof PAGINATIONS)[number]

/** What is asked of the API, and what it is like. */
export type Shape = {
  pagination: Pagination
  /** The server gives now fewer and now more items than are due. */
  isCapped: boolean
  /** Sent as the limit of a page; null: none is. */
  limit: number | null
  onPageError: 'fail' | 'skip' | 'stop'
  maxPages: number | null
  /** Failures may come as a 200 with an `error` in it, which `fail_when` finds. */
  failsInside: boolean
  /** Seconds; null: as much as there is by default. */
  maxWait: number | null
}

export const PAGE_SIZE = 2

/** As most playbooks are: page after page, and the element fails when one does. */
export const PLAIN: Shape = {
  pagination: 'page',
  isCapped: false,
  limit: null,
  onPageError: 'fail',
  maxPages: null,
  failsInside: false,
  maxWait: null,
}

/** Where the next page begins is told or counted by items, so that pages of any size follow each other. */
const BY_ITEMS: readonly Pagination[] = [
  'offset',
  'cursor',
  'link',
  'next_url',
  'offsets at once',
  'next_call in a list',
]

const isWhile = ({ pagination }: Shape): boolean => pagination.startsWith('next_call')

export function drawShape(draw: Draw): Shape {
  const pagination = draw.chance(0.25) ? 'offsets at once' : draw.pick(PAGINATIONS)
  const isCapped = BY_ITEMS.includes(pagination) && draw.chance(0.6)
  const isWritten = !isWhile({ ...PLAIN, pagination })
  const isOffset = pagination === 'offset' || pagination === 'offsets at once'
  return {
    pagination,
    isCapped,
    limit: isOffset && draw.chance(isCapped ? 0.5 : 1) ? PAGE_SIZE : null,
    onPageError: isWritten && draw.chance(0.35) ? draw.pick(['skip', 'stop']) : 'fail',
    maxPages: draw.chance(0.2) ? draw.whole(1, 4) : null,
    failsInside: draw.chance(0.2),
    maxWait: draw.chance(0.2) ? 1 : null,
  }
}

/** What a step says of its pages, with the policy for those that fail. */
export function keysOf(shape: Shape, policy: { attempts: number; delay: number }): Record<string, unknown> {
  const params = paramsOf(shape)
  const tries = {
    max_attempts: policy.attempts,
    initial_delay: policy.delay,
    ...(shape.maxWait !== null && { max_wait: shape.maxWait }),
  }
  return {
    ...(params !== null && { params }),
    ...(shape.failsInside && { fail_when: '{{ response.error is defined }}' }),
    ...(isWhile(shape)
      ? { retry: whileOf(shape, tries) }
      : { paginate: paginateOf(shape), retry: { on_error: { when: '{{ true }}', ...tries } } }),
  }
}

function paramsOf({ pagination }: Shape): Record<string, unknown> | null {
  switch (pagination) {
    case 'page':
    case 'pages at once':
    case 'next_call':
    case 'auto by page':
      return { page: 1 }
    case 'offset':
    case 'offsets at once':
      return { offset: 0 }
    default:
      return null
  }
}

function paginateOf(shape: Shape): Record<string, unknown> {
  const { limit, onPageError, maxPages } = shape
  const { stop, ...paginate } = wayOf(shape)
  const stops = { ...stop, ...(maxPages !== null && { max_pages: maxPages }) }
  return {
    ...paginate,
    items: 'data',
    ...(limit !== null && { limit }),
    ...(onPageError !== 'fail' && { on_page_error: onPageError }),
    ...(Object.keys(stops).length > 0 && { stop: stops }),
  }
}

type Way = { type: string; path?: string; parallel?: number; stop?: Record<string, unknown> }

function wayOf({ pagination }: Shape): Way {
  switch (pagination) {
    case 'page':
    case 'offset':
      return { type: pagination, stop: { has_more_path: 'more' } }
    case 'cursor':
      return { type: 'cursor', path: 'next' }
    case 'link':
      return { type: 'link' }
    case 'next_url':
      return { type: 'next_url', path: 'next' }
    case 'pages at once':
      return { type: 'page', parallel: 3, stop: { total_items_path: 'total' } }
    case 'offsets at once':
      return { type: 'offset', parallel: 3, stop: { total_items_path: 'total' } }
    case 'auto by page':
      return { type: 'auto', parallel: 2 }
    case 'auto by token':
    case 'auto by link':
      return { type: 'auto' }
    case 'next_call':
    case 'next_call in a list':
      throw new Error(`${pagination} is no paginate.`)
  }
}

/** Both spellings of `retry` that go on by `next_call`. */
function whileOf({ pagination, maxPages }: Shape, tries: Record<string, unknown>): unknown {
  const goesOn = '{{ response.more }}'
  const policy = {
    ...(maxPages !== null && { max_attempts: maxPages }),
    collect: { path: 'data', strategy: 'append' },
  }
  const byPage = { params: { page: '{{ (response.page | int) + 1 }}' } }
  const byItem = { params: { at: '{{ response.to }}' } }
  return pagination === 'next_call'
    ? { on_error: { when: '{{ true }}', ...tries }, on_success: { while: goesOn, ...policy, next_call: byPage } }
    : [entryOf('{{ error.attempt > 0 }}', tries), entryOf(goesOn, { ...policy, next_call: byItem })]
}

const entryOf = (when: string, rules: Record<string, unknown>): Record<string, unknown> => ({
  when,
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the language
  then: rules,
})
