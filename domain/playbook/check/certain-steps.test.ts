import { describe, expect, it } from 'vitest'
import { certainSteps } from './certain-steps'

const step = (name: string, ...next: object[]) => ({ step: name, next })
const to = (name: string) => ({ step: name })
const when = (name: string) => ({ step: name, when: 'x' })
const orElse = (name: string) => ({ step: name, else: true })

/** Of each step, those that have run for certain when the last step begins, and of the others those that lead to it. */
function beforeLast(...steps: ReturnType<typeof step>[]) {
  const certainty = certainSteps(steps)
  const names = (holds: (index: number) => boolean) =>
    steps.flatMap(({ step: name }, index) => (holds(index) ? [name] : []))
  const last = steps.length - 1
  return certainty === null
    ? null
    : {
        certain: names((index) => certainty.hasRun(index, last)),
        perhaps: names((index) => certainty.leadsTo(index, last) && !certainty.hasRun(index, last)),
      }
}

describe('certainSteps', () => {
  it('knows a chain', () => {
    expect(beforeLast(step('start', to('a')), step('a', to('b')), step('b'))).toEqual({
      certain: ['start', 'a'],
      perhaps: [],
    })
  })

  it('knows that a join waits for all branches, and that only one of them need have been taken', () => {
    const join = [step('a', to('c')), step('b', to('c')), step('c')]
    expect(beforeLast(step('start', to('a'), to('b')), ...join)?.certain).toEqual(['start', 'a', 'b'])
    expect(beforeLast(step('start', to('a'), when('b')), ...join)).toEqual({ certain: ['start', 'a'], perhaps: ['b'] })
    expect(beforeLast(step('start', when('a'), orElse('b')), ...join)).toEqual({
      certain: ['start'],
      perhaps: ['a', 'b'],
    })
  })

  it('knows what either branch leads to', () => {
    expect(
      beforeLast(
        step('start', to('fork'), to('last')),
        step('fork', when('a'), orElse('b')),
        step('a', to('both')),
        step('b', to('both')),
        step('both', to('last')),
        step('last'),
      ),
    ).toEqual({ certain: ['start', 'fork', 'both'], perhaps: ['a', 'b'] })
  })

  it('does not wait for a branch that leads elsewhere', () => {
    expect(beforeLast(step('start', to('a'), to('b')), step('a'), step('b'))).toEqual({
      certain: ['start'],
      perhaps: [],
    })
  })

  it('knows what runs in any case by the end', () => {
    const certainty = certainSteps([step('start', to('a'), when('b')), step('a'), step('b'), step('alone')])
    expect([0, 1, 2, 3].map((index) => certainty?.hasRun(index, null))).toEqual([true, true, false, false])
    expect([0, 1, 2, 3].map((index) => certainty?.isReached(index))).toEqual([true, true, true, false])
  })

  it('says nothing of circles, and of a workflow without a start', () => {
    expect(certainSteps([step('start', to('a')), step('a', to('start'))])).toBeNull()
    expect(certainSteps([step('begin')])).toBeNull()
    expect(certainSteps([null, 1, { step: {}, next: 'x' }])).toBeNull()
  })
})
