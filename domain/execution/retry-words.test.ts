import { expect, it } from 'vitest'
import { besideWords, retryWords } from './retry-words'

const preview = {
  elements: 34,
  at_least_requests: 34,
  pages_kept: 1204,
  limit_resets: null,
  new_execution: false,
  version: 7,
  newest_version: 8,
  beside: null,
  workload: null,
}

it('says what is sent and kept, and until when the API wants to be left alone', () => {
  expect(retryWords(preview, String)).toBe('34 elements, at least 34 requests, 1,204 pages kept')
  const limited = { ...preview, elements: 1, limit_resets: { at: '2026-11-23T14:20:00.000Z', because: 'the API' } }
  expect(retryWords(limited, (at) => at.toISOString().slice(11, 16))).toBe(
    '1 element, at least 34 requests, 1,204 pages kept, limit resets 14:20',
  )
})

it('says that another run of the schedule has not ended, be it paused', () => {
  expect(besideWords(preview)).toBeNull()
  expect(besideWords({ ...preview, beside: '45' })).toBe(
    'Execution 45 of the same schedule has not ended; the retry runs beside it.',
  )
})
