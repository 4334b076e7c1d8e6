import { expect, it } from 'vitest'
import { ownSignal } from './own-signal'

it('aborts with the first of its signals, and for its reason', () => {
  const [one, other] = [new AbortController(), new AbortController()]
  const { signal } = ownSignal([one.signal, other.signal])
  expect(signal.aborted).toBe(false)
  other.abort('the worker drains')
  expect(signal.reason).toBe('the worker drains')
})

it('is aborted where one of them was before', () => {
  expect(ownSignal([AbortSignal.abort('gone'), new AbortController().signal]).signal.reason).toBe('gone')
})

it('hears no more once it was released', () => {
  const one = new AbortController()
  const { signal, release } = ownSignal([one.signal])
  release()
  one.abort()
  expect(signal.aborted).toBe(false)
})
