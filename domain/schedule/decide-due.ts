import { MOST_CAUGHT_UP, type CollectedDue } from './collect-due'

export type MissedPolicy = 'skip' | 'run_once' | 'run_all'
export type OverlapPolicy = 'skip' | 'allow'

/** What becomes of a due time. `wait`: it was missed and runs when the run before has ended. */
export type DueDecision = {
  do: 'start' | 'wait' | 'skip'
  dueAt: Date
  reason: 'missed' | 'overlap' | null
  /** Due times this decision is about; `dueAt` is the last of them. */
  covers: number
  detail: string | null
}

type Question = {
  due: CollectedDue
  now: Date
  missed: MissedPolicy
  overlap: OverlapPolicy
  /** A run of this schedule goes on, or waits for its turn. */
  isBusy: boolean
  /** One of those makes up for a missed time. */
  isMakingUp: boolean
  /** A run that makes up for missed times waits for its turn, or begins just now: after all that was missed. */
  isMadeUpFor: boolean
}

/** Later than this, nobody was there: a slow queue or a restart is no miss. */
const MISSED_AFTER_MS = 60_000

/**
 * Decides about due times, in order. What comes on time and meets a run is left out (unless runs may overlap); what was
 * missed and is made up for waits for its turn instead. What is made up for runs one after the other, also where runs may
 * overlap: there it waits for its like alone.
 */
export function decideDue({ due, now, missed, overlap, isBusy, isMakingUp, isMadeUpFor }: Question): DueDecision[] {
  const isLate = (time: Date): boolean => now.getTime() - time.getTime() > MISSED_AFTER_MS
  const late = due.times.filter(isLate)
  const fresh = due.times.filter((time) => !isLate(time))
  let busy = overlap === 'skip' && isBusy
  let makingUp = isMakingUp
  const makeUp = (dueAt: Date, covers: number): DueDecision => {
    const facts = { dueAt, reason: 'missed', covers, detail: null } as const
    if (busy || makingUp) return { do: 'wait', ...facts }
    makingUp = true
    busy = overlap === 'skip'
    return { do: 'start', ...facts }
  }
  const start = (dueAt: Date): DueDecision => {
    if (busy) return { do: 'skip', dueAt, reason: 'overlap', covers: 1, detail: null }
    busy = overlap === 'skip'
    return { do: 'start', dueAt, reason: null, covers: 1, detail: null }
  }
  return [
    ...aboutMissed({
      late,
      isWhole: due.isWhole,
      missed,
      hasRun: isMadeUpFor || (fresh.length > 0 && !busy),
    }).map((decision) => (decision.do === 'skip' ? decision : makeUp(decision.dueAt, decision.covers))),
    ...fresh.map(start),
  ]
}

type MadeUpFor = { do: 'make up'; dueAt: Date; covers: number }

function aboutMissed(question: {
  late: readonly Date[]
  isWhole: boolean
  missed: MissedPolicy
  hasRun: boolean
}): ((DueDecision & { do: 'skip' }) | MadeUpFor)[] {
  const { late, isWhole, missed, hasRun } = question
  const last = late.at(-1)
  if (last === undefined) return []
  switch (missed) {
    case 'skip':
      return leftOut(late, isWhole)
    case 'run_once':
      // The run that starts just now, on time or to make up for earlier ones, stands for all of them; so does one that waits.
      if (hasRun) return leftOut(late, isWhole)
      return [{ do: 'make up', dueAt: last, covers: late.length }]
    case 'run_all':
      return [
        ...leftOut(late.slice(0, -MOST_CAUGHT_UP), isWhole),
        ...late.slice(-MOST_CAUGHT_UP).map((dueAt): MadeUpFor => ({ do: 'make up', dueAt, covers: 1 })),
      ]
  }
}

function leftOut(times: readonly Date[], isWhole: boolean): (DueDecision & { do: 'skip' })[] {
  const dueAt = times.at(-1)
  if (dueAt === undefined) return []
  const detail = isWhole ? null : 'Those before were not counted.'
  return [{ do: 'skip', dueAt, reason: 'missed', covers: times.length, detail }]
}
