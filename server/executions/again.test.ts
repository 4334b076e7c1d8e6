import { expect, it } from 'vitest'
import { againOf, endAfterReplaced } from './again'

const claim = {
  epoch: 2,
  claimToken: 't',
  element: null,
  label: null,
  fingerprints: [],
  firstClaim: false,
  idleStarts: 1,
  pages: 3,
  items: 5,
  retries: 0,
}
const end = { status: 'COMPLETED' as const, error: null, stop_reason: 'no_next', warnings: [{ kind: 'next_changed' }] }

it('ends an element as it had ended when its worker died after the page was replaced', () => {
  expect(endAfterReplaced({ ...claim, checkpoint: { status: 'completed', replaced: end } })).toEqual({
    end: 'completed',
    stopReason: 'no_next',
    warnings: [{ kind: 'next_changed' }],
    pages: 3,
    items: 5,
  })
  const error = { kind: 'http_error', message: 'page 3 answered 500', page: 3 }
  const failed = { ...end, status: 'FAILED' as const, stop_reason: null, error }
  expect(endAfterReplaced({ ...claim, checkpoint: { replaced: failed } })).toMatchObject({ end: 'failed', error })
})

it('goes on as usual with a claim that is about no page, and with one that a later retry opened', () => {
  for (const checkpoint of [null, {}, { status: 'failed' }, { replaced: end, reopen: true }]) {
    expect(endAfterReplaced({ ...claim, checkpoint })).toBeNull()
    expect(againOf(checkpoint)).toBeNull()
  }
  const again = { ...end, page: 2, checkpoint: { status: 'completed' } }
  expect(againOf({ reopen: true, again })).toMatchObject({ page: 2 })
})
