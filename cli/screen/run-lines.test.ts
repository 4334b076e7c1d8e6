import { expect, it } from 'vitest'
import { emptyView } from '@/domain/execution/view'
import { totalsLine } from './run-lines'

const view = emptyView('1')

it('counts as ended only what was fetched or failed, and tells what was left out or cancelled beside it', () => {
  const stats = { ...view.stats, elements: 6, completed: 2, failed: 1, pages: 8, items: 70 }
  expect(totalsLine({ ...view, stats: { ...stats, skipped: 3 } })).toBe(
    '3 of 6 elements · 8 pages · 70 items · 0 retries · 1 failed · 3 left out',
  )
  expect(totalsLine({ ...view, stats: { ...stats, failed: 0, cancelled: 4 } })).toBe(
    '2 of 6 elements · 8 pages · 70 items · 0 retries · 4 cancelled',
  )
})
