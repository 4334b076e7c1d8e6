import { describe, expect, it } from 'vitest'
import { collectDue, MOST_CAUGHT_UP } from './collect-due'
import { decideDue, type MissedPolicy, type OverlapPolicy } from './decide-due'

const HOURLY = { cron: '0 * * * *', timeZone: 'UTC' }

type Situation = {
  from: string
  now: string
  missed?: MissedPolicy
  overlap?: OverlapPolicy
  isBusy?: boolean
  isMakingUp?: boolean
  isMadeUpFor?: boolean
  cron?: string
}

/** One line a decision: what, when, why, and for how many. */
function decide(situation: Situation): string[] {
  const {
    from,
    now,
    missed = 'skip',
    overlap = 'skip',
    isBusy = false,
    isMakingUp = false,
    isMadeUpFor = false,
    cron = HOURLY.cron,
  } = situation
  const at = new Date(now)
  const due = collectDue({ cron, timeZone: 'UTC' }, { from: new Date(from), now: at })
  return decideDue({ due, now: at, missed, overlap, isBusy, isMakingUp, isMadeUpFor }).map(
    ({ do: what, dueAt, reason, covers }) =>
      [what, dueAt.toISOString().slice(11, 16), reason, covers === 1 ? null : `×${covers}`].filter(Boolean).join(' '),
  )
}

describe('a time that is due now', () => {
  it('starts a run, also when the queue was slow', () => {
    expect(decide({ from: '2026-01-01T02:00Z', now: '2026-01-01T02:00:00.010Z' })).toEqual(['start 02:00'])
    expect(decide({ from: '2026-01-01T02:00Z', now: '2026-01-01T02:00:59Z' })).toEqual(['start 02:00'])
  })

  it('is not there before its time', () => {
    expect(decide({ from: '2026-01-01T02:00Z', now: '2026-01-01T01:59:59.999Z' })).toEqual([])
  })

  it('is left out while the run before goes on, unless runs may overlap', () => {
    const situation = { from: '2026-01-01T02:00Z', now: '2026-01-01T02:00Z', isBusy: true }
    expect(decide(situation)).toEqual(['skip 02:00 overlap'])
    expect(decide({ ...situation, overlap: 'allow' })).toEqual(['start 02:00'])
  })
})

describe('times at which nothing ran here', () => {
  const night = { from: '2026-01-01T02:00Z', now: '2026-01-01T05:30Z' }

  it('are left out, and counted', () => {
    expect(decide(night)).toEqual(['skip 05:00 missed ×4'])
  })

  it('are made up for by one run, which the one due now can be', () => {
    expect(decide({ ...night, missed: 'run_once' })).toEqual(['start 05:00 missed ×4'])
    expect(decide({ ...night, now: '2026-01-01T06:00:05Z', missed: 'run_once' })).toEqual([
      'skip 05:00 missed ×4',
      'start 06:00',
    ])
  })

  it('are made up for one after the other, and what comes meanwhile is left out', () => {
    expect(decide({ ...night, now: '2026-01-01T05:00:10Z', missed: 'run_all' })).toEqual([
      'start 02:00 missed',
      'wait 03:00 missed',
      'wait 04:00 missed',
      'skip 05:00 overlap',
    ])
    expect(decide({ ...night, missed: 'run_all', overlap: 'allow' })).toEqual([
      'start 02:00 missed',
      'wait 03:00 missed',
      'wait 04:00 missed',
      'wait 05:00 missed',
    ])
  })

  it('wait for nothing but each other where runs may overlap', () => {
    const both = { ...night, now: '2026-01-01T05:00:10Z', missed: 'run_all', overlap: 'allow', isBusy: true } as const
    expect(decide(both)).toEqual(['start 02:00 missed', 'wait 03:00 missed', 'wait 04:00 missed', 'start 05:00'])
    expect(decide({ ...both, isMakingUp: true })[0]).toBe('wait 02:00 missed')
  })

  it('wait for a run that survived the night', () => {
    expect(decide({ ...night, missed: 'run_once', isBusy: true })).toEqual(['wait 05:00 missed ×4'])
    // What is due just now does not start either, so it stands for nothing.
    expect(decide({ ...night, now: '2026-01-01T06:00:05Z', missed: 'run_once', isBusy: true })).toEqual([
      'wait 05:00 missed ×4',
      'skip 06:00 overlap',
    ])
  })

  it('are made up for by the one run that waits since an earlier night, and not by another one', () => {
    const second = { ...night, isBusy: true, isMakingUp: true, isMadeUpFor: true }
    expect(decide({ ...second, missed: 'run_once' })).toEqual(['skip 05:00 missed ×4'])
    expect(decide({ ...second, missed: 'run_once', overlap: 'allow' })).toEqual(['skip 05:00 missed ×4'])
    expect(decide({ ...second, isMadeUpFor: false, missed: 'run_once' })).toEqual(['wait 05:00 missed ×4'])
    expect(decide({ ...second, missed: 'run_all' })).toHaveLength(4)
  })

  it('are made up for up to a limit, and the older ones are left out', () => {
    const decisions = decide({
      from: '2026-01-01T00:00Z',
      now: '2026-01-07T00:30Z',
      missed: 'run_all',
      overlap: 'allow',
    })
    expect(decisions).toHaveLength(MOST_CAUGHT_UP + 1)
    expect(decisions[0]).toBe('skip 20:00 missed ×45')
  })

  it('of a whole year of minutes are not counted through', () => {
    const began = process.cpuUsage()
    const decisions = decide({
      from: '2025-01-01T00:00Z',
      now: '2026-01-01T00:30:30Z',
      cron: '* * * * *',
      missed: 'run_all',
    })
    expect(decisions).toHaveLength(MOST_CAUGHT_UP + 2)
    expect(decisions[0]).toMatch(/^skip \d\d:\d\d missed ×\d+$/)
    expect(process.cpuUsage(began).user).toBeLessThan(5_000_000)
  }, 60_000)
})
