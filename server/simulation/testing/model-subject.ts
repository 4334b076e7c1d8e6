import { STEP } from '@/server/db/testing/seed-execution'
import type { Run } from '@/server/executions/load-run'
import { park } from '../model/claims'
import { createDatabase, type IterationRow } from '../model/rows'
import { modelStore } from '../model/store'
import { withoutDoubles, type Operation } from './operations'
import {
  commitsOf,
  endsOf,
  givenOf,
  LEASE_MS,
  placesOf,
  took,
  tookNext,
  withoutTimes,
  type Asking,
  type Subject,
} from './subject'

/** The store of the simulation. */
export function createModelSubject(run: Run): Subject {
  let ahead = 0
  const now = (): number => Date.now() + ahead
  const db = createDatabase(run, now)
  const asking: Asking = { claims: [], now }
  const at = (index: number) => ({ executionId: run.executionId, step: STEP, index })

  const act = (operation: Operation): unknown => {
    switch (operation.do) {
      case 'claim': {
        const { worker, index } = operation
        const claim = modelStore.claim(db, { ...at(index), workerId: worker, leaseMs: LEASE_MS })
        return took(asking, claim, { ...at(index), worker })
      }
      case 'round': {
        const commits = withoutDoubles(operation.commits, (claim) => givenOf(asking, claim).index)
        const ends = endsOf(asking, operation.ends)
        const { written, settled } = modelStore.commitRound(db, commitsOf(asking, commits), ends)
        return { written: written.map((one) => one === 'written'), settled: tookNext(asking, ends, settled) }
      }
      case 'renew': {
        const held = operation.claims.map((claim) => givenOf(asking, claim))
        const { lost, paused } = modelStore.renew(db, { workerId: operation.worker, leaseMs: LEASE_MS, held })
        return { lost: placesOf(lost), paused: placesOf(paused) }
      }
      case 'release':
        return modelStore.release(db, givenOf(asking, operation.claim))
      case 'park':
        return park(db, givenOf(asking, operation.claim), { parked: true })
      case 'advance':
        ahead += operation.ms
        return undefined
      case 'retry':
        return modelStore.retry(db, operation.index ?? undefined)
      default:
        return modelStore[operation.do](db)
    }
  }

  const dump = (): unknown => {
    const { status, lastSeq, elements, failed, pages, items, retries, state, error } = db.execution
    const byName = db.execution.steps.toSorted((a, b) => (a.step < b.step ? -1 : 1))
    return {
      execution: { status, lastSeq, elements, failed, pages, items, retries, state, error },
      steps: byName.map(({ iterations: _iterations, startedAt: _startedAt, releasedAt, ...row }) => ({
        ...row,
        releasedAt: releasedAt !== null,
      })),
      iterations: db.execution.steps.flatMap((step) => step.iterations.map(iterationOf)),
      pages: db.execution.pageRows
        .map(({ index, record }) => ({ index, page: record.page, body: record.body }))
        .toSorted((a, b) => a.index - b.index || a.page - b.page),
      attempts: [...db.execution.attempts.keys()].toSorted(),
      events: db.execution.events.map((event) => ({
        seq: event.seq,
        type: event.event_type,
        status: event.status,
        step: event.node_name,
        index: event.iteration_index,
        page: event.page,
        attempt: event.attempt,
        context: withoutTimes(event.context),
      })),
    }
  }
  return {
    claims: asking.claims,
    act: (operation) => Promise.resolve(act(operation)),
    dump: () => Promise.resolve(dump()),
  }
}

const iterationOf = ({ claimToken, leaseUntil, nextAttemptAt, startedAt, ...row }: IterationRow) => ({
  ...row,
  isClaimed: claimToken !== null,
  isLeased: leaseUntil !== null,
  next: dueOf(nextAttemptAt),
  isStarted: startedAt !== null,
})

const dueOf = (at: number | null): 'none' | 'later' | 'queued' => {
  if (at === null) return 'none'
  return at === Infinity ? 'queued' : 'later'
}
