import { expect, it } from 'vitest'
import { surroundings } from './surroundings'

it('sleeps on when the time is longer than a timer can be set for', async () => {
  const signal = AbortSignal.timeout(50)
  await surroundings.sleep(31 * 24 * 3600 * 1000, signal)
  expect(signal.aborted).toBe(true)
})
