import { describe, expect, it } from 'vitest'
import { createNearRunner } from './near-runner'

const work = (executionId: string, index: number) => ({ executionId, step: 'fetch', index, epoch: 0 })

function runner(slots: number) {
  let clock = 0
  const ends: (() => void)[] = []
  const left: number[] = []
  const near = createNearRunner({
    slots,
    run: async () => new Promise<void>((resolve) => ends.push(resolve)),
    leave: (free) => left.push(free),
    now: () => clock,
  })
  return { near, ends, left, pass: (ms: number) => (clock += ms) }
}

describe('the runner of work that needs no queue', () => {
  it('takes up to half of the slots and leaves the others to the queue', () => {
    const { near, left } = runner(4)
    expect([0, 1, 2].map((index) => near.take(work('1', index)))).toEqual([true, true, false])
    expect(left).toEqual([3, 2])
  })

  it('gives the slots back as the work ends', async () => {
    const { near, ends, left } = runner(4)
    near.take(work('1', 0))
    ends[0]?.()
    await near.close()
    expect(left).toEqual([3, 4])
  })

  it('takes nothing while the queue fills all slots', () => {
    const { near } = runner(2)
    void near.runQueued(work('1', 0))
    void near.runQueued(work('1', 1))
    expect(near.take(work('1', 2))).toBe(false)
  })

  it('sends a run back to the queue after its first second, and not a new one', () => {
    const { near, pass } = runner(8)
    expect(near.take(work('1', 0))).toBe(true)
    pass(1_000)
    expect(near.take(work('1', 1))).toBe(false)
    expect(near.take(work('2', 0))).toBe(true)
  })

  it('takes nothing more once it closes, and waits for what runs', async () => {
    const { near, ends } = runner(4)
    near.take(work('1', 0))
    let closed = false
    const closing = near.close().then(() => (closed = true))
    expect(near.take(work('2', 0))).toBe(false)
    expect(closed).toBe(false)
    ends[0]?.()
    await closing
    expect(closed).toBe(true)
  })
})
