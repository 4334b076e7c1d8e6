import { describe, expect, it } from 'vitest'
import { reopenWorkflow, type EndedStep } from './reopen-workflow'

const ended = (step: string, fields: Partial<EndedStep> = {}): EndedStep => ({
  step,
  status: 'FAILED',
  prepared: true,
  reopened: false,
  ...fields,
})

describe('reopenWorkflow', () => {
  it('lets a step whose elements are retried run again', () => {
    const state = { begun: true, steps: { start: 'routed', fetch: 'failed' } } as const
    expect(reopenWorkflow(state, [ended('fetch', { reopened: true })], true).steps).toEqual({
      start: 'routed',
      fetch: 'running',
    })
  })

  it('remembers which of them had led on, for what lies behind them stays as it ran', () => {
    const state = { begun: true, steps: { fetch: 'routed', after: 'routed' } } as const
    const again = reopenWorkflow(state, [ended('fetch', { reopened: true, status: 'COMPLETED' })], true)
    expect(again).toEqual({ begun: true, steps: { fetch: 'running', after: 'routed' }, reopened: ['fetch'] })
  })

  it('begins a step again that failed before its work, and routes one again that failed while leading on', () => {
    const state = { begun: true, steps: { early: 'failed', late: 'failed' } } as const
    const steps = [ended('early', { prepared: false }), ended('late', { status: 'COMPLETED' })]
    expect(reopenWorkflow(state, steps, true).steps).toEqual({ early: 'entered', late: 'finished' })
    expect(reopenWorkflow(state, steps, false).steps).toEqual(state.steps)
  })
})
