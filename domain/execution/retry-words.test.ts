import { expect, it } from 'vitest'
import { retryWords } from './retry-words'

const preview = {
  elements: 34,
  at_least_requests: 34,
  pages_kept: 1204,
  limit_resets: null,
  new_execution: false,
  version: 7,
  newest_version: 8,
  workload: null,
}

it('says what is sent and kept, and until when the API wants to be left alone', () => {
  expect(retryWords(preview, String)).toBe('34 elements, at least 34 requests, 1,204 pages kept')
  const limited = { ...preview, elements: 1, limit_resets: { at: '2026-11-23T14:20:00.000Z', because: 'the API' } }
  expect(retryWords(limited, (at) => at.toISOString().slice(11, 16))).toBe(
    '1 element, at least 34 requests, 1,204 pages kept, limit resets 14:20',
  )
})
