import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { atOnce, inTurns } from './in-turns'

function* work(turns: number): Generator<undefined, number> {
  for (let turn = 0; turn < turns; turn += 1) yield
  return turns
}

it('lets timers go on while work takes its turns', async () => {
  let beats = 0
  const timer = setInterval(() => (beats += 1), 1)
  const busy = async (): Promise<void> => {
    const until = performance.now() + 5
    while (performance.now() < until);
    await nextTurn()
  }
  expect(await inTurns(work(10), busy)).toBe(10)
  clearInterval(timer)
  expect(beats).toBeGreaterThan(4)
})

it('does the same at once, and tells what went wrong', async () => {
  expect(atOnce(work(3))).toBe(3)
  const failing = (function* (): Generator<undefined, number> {
    yield
    throw new Error('no')
  })()
  await expect(inTurns(failing, nextTurn)).rejects.toThrow('no')
})
