/** What is timed: `elements` of `pages` pages each, 100 items and about 26.8 kB a page. */
export type Trial = {
  name: string
  elements: number
  pages: number
  concurrency: number
  parallel: number
  delayMs: number
}

const ITEMS_PER_PAGE = 100
const ITEM_BYTES = 268

export const TRIALS: readonly Trial[] = [0, 20].flatMap((delayMs) => [
  { name: `(a) 1 × 1,000 pages, ${delayMs} ms`, elements: 1, pages: 1_000, concurrency: 1, parallel: 1, delayMs },
  { name: `(a) 10 pages at a time, ${delayMs} ms`, elements: 1, pages: 1_000, concurrency: 1, parallel: 10, delayMs },
  { name: `(b) 50 × 20 pages, ${delayMs} ms`, elements: 50, pages: 20, concurrency: 10, parallel: 1, delayMs },
])

/** Ten times as long: its memory must not be. */
export const LONG_TRIAL: Trial = {
  name: '1 × 10,000 pages, 0 ms',
  elements: 1,
  pages: 10_000,
  concurrency: 1,
  parallel: 1,
  delayMs: 0,
}

/** One page, for the time it takes to be asked for. */
export const SHORT_TRIAL: Trial = { name: '1 page', elements: 1, pages: 1, concurrency: 1, parallel: 1, delayMs: 0 }

/** Parameters of every request of a trial but the page. `element` keeps the URLs of the elements apart. */
export const paramsOf = (trial: Trial, element: number | string): Record<string, string> => ({
  pageSize: String(ITEMS_PER_PAGE),
  total: String(trial.pages * ITEMS_PER_PAGE),
  item_bytes: String(ITEM_BYTES),
  delay_ms: String(trial.delayMs),
  element: String(element),
})

export const itemsOf = (trial: Trial): number => trial.elements * trial.pages * ITEMS_PER_PAGE
