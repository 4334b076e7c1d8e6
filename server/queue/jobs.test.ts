import { describe, expect, it } from 'vitest'
import { JOBS, jobIdOf } from './jobs'

describe('job ids', () => {
  const element = (step: string, epoch = 0): string => jobIdOf('element', { executionId: '12', step, index: 3, epoch })

  it('are the same for the same work, so that enqueueing twice is harmless', () => {
    expect(element('fetch')).toBe('x_12_fetch_3_0')
    expect(jobIdOf('orchestrate', { executionId: '12', seq: 40 })).toBe('o_12_40')
  })

  it('are new once a claim has raised the epoch', () => {
    expect(element('fetch', 1)).not.toBe(element('fetch', 0))
  })

  it('hold no colon, whatever a step is called, and differ where the names differ', () => {
    expect(element('a:b c')).not.toContain(':')
    expect(element('a:b')).not.toBe(element('a_b'))
    expect(element('größe')).toMatch(/^[\x21-\x7e]+$/)
  })
})

describe('job payloads', () => {
  it('are ids only', () => {
    expect(() => JOBS.orchestrate.payload.parse({ executionId: 'drop table', seq: 0 })).toThrow(/executionId/)
  })
})
