import { describe, expect, it } from 'vitest'
import { nextLoopMove, type LoopCounts } from './loop-window'

const counts = (fields: Partial<LoopCounts>): LoopCounts => ({
  size: 10,
  concurrency: 3,
  released: 0,
  completed: 0,
  failed: 0,
  skipped: 0,
  queued: 0,
  closing: null,
  ...fields,
})

describe('nextLoopMove', () => {
  it('rests until the collection was analysed', () => {
    expect(nextLoopMove(counts({ size: null }), 'fail')).toEqual({ do: 'rest' })
  })

  it('completes an empty collection at once', () => {
    expect(nextLoopMove(counts({ size: 0 }), 'fail')).toEqual({ do: 'complete' })
  })

  it('hands out no more than the concurrency', () => {
    expect(nextLoopMove(counts({}), 'fail')).toEqual({ do: 'release', from: 0, to: 3 })
    expect(nextLoopMove(counts({ released: 3 }), 'fail')).toEqual({ do: 'rest' })
  })

  it('hands out what was opened again first and within the concurrency, also after a failure', () => {
    const reopened = counts({ released: 8, completed: 3, failed: 1, queued: 4 })
    expect(nextLoopMove(reopened, 'fail')).toEqual({ do: 'requeue', count: 3 })
    expect(nextLoopMove({ ...reopened, queued: 1 }, 'fail')).toEqual({ do: 'rest' })
  })

  it('hands out one more as each ends', () => {
    expect(nextLoopMove(counts({ released: 3, completed: 1 }), 'fail')).toEqual({ do: 'release', from: 3, to: 4 })
  })

  it('closes the window at the first failure, lets the others end, then fails', () => {
    expect(nextLoopMove(counts({ released: 4, completed: 1, failed: 1 }), 'fail')).toEqual({ do: 'rest' })
    expect(nextLoopMove(counts({ released: 4, completed: 3, failed: 1 }), 'fail')).toEqual({
      do: 'fail',
      unreleased: 6,
    })
  })

  it('leaves out what was left out before, and does not say that it has everything', () => {
    const one = counts({ released: 4, completed: 3, skipped: 6, queued: 1 })
    expect(nextLoopMove(one, 'fail')).toEqual({ do: 'requeue', count: 1 })
    expect(nextLoopMove({ ...one, queued: 0 }, 'fail')).toEqual({ do: 'rest' })
    expect(nextLoopMove({ ...one, queued: 0, completed: 4 }, 'fail')).toEqual({ do: 'fail', unreleased: 0 })
    expect(nextLoopMove({ ...one, queued: 0, completed: 2, failed: 1 }, 'fail')).toEqual({ do: 'rest' })
  })

  it('goes on past failures with on_failure continue, and completes', () => {
    expect(nextLoopMove(counts({ released: 4, completed: 3, failed: 1 }), 'continue')).toEqual({
      do: 'release',
      from: 4,
      to: 7,
    })
    expect(nextLoopMove(counts({ released: 10, completed: 8, failed: 2 }), 'continue')).toEqual({ do: 'complete' })
  })
})
