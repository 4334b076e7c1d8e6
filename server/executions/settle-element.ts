import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import { isClosing } from '@/domain/execution/closing-iteration'
import type { ErrorFacts, NewEvent } from '@/domain/execution/events'
import { iterationEvent } from '@/domain/execution/workflow-events'
import type { Sink } from '@/domain/playbook/playbook'
import { cancelledBy, processOf } from '../db/cancel-backend'
import { NOT_SETTLED, type HandedOver, type NextClaim } from '../db/hand-over'
import { playbookClient, playbookPool } from '../db/playbook-pool'
import { pool, type Queryable } from '../db/pool'
import { settleIteration, type Settlement } from '../db/settle-iteration'
import { withTransaction } from '../db/with-transaction'
import { faultPoint } from '../fault-point'
import type { ActionEnd } from './action-end'
import { ClaimLost } from './claim-lost'
import type { ElementWork } from './element-work'
import { LEASE_MS } from './lease-keeper'
import { redactEvents } from './redact-step'
import { runSink, SinkFailure } from './run-sink'
import { sinkScope } from './sink-scope'
import { isConflict } from './sqlstate-of'

type Completed = Extract<ActionEnd, { end: 'completed' }>
type Failed = Extract<ActionEnd, { end: 'failed' }>

/** Times that a settlement is tried whose sink met another transaction, and how long apart. */
const MEETINGS = 5
const APART_MS = 100

/**
 * Ends an iteration that did what it should. `act` and the sinks store rows as the playbook's role, in the transaction
 * that also records the success: both are there or neither. Not `settled` when the claim was lost and nothing was done.
 */
export async function settleCompleted(
  work: ElementWork,
  end: Completed,
  act: ((client: Queryable) => Promise<void>) | null = null,
): Promise<HandedOver> {
  for (let meeting = 1; ; meeting++) {
    try {
      return await settleOnce(work, end, act)
    } catch (error) {
      if (error instanceof ClaimLost) return NOT_SETTLED
      if (!(error instanceof SinkFailure)) throw error
      if (!isConflict(error) || meeting === MEETINGS || work.lost.aborted)
        return settleFailed(work, { ...end, end: 'failed', error: error.facts }, error.events)
      await new Promise((resolve) => setTimeout(resolve, APART_MS * meeting * Math.random()))
    }
  }
}

/** Throws ClaimLost, which takes the rows of the action and the sinks back as well. */
async function settleOnce(
  work: ElementWork,
  end: Completed,
  act: ((client: Queryable) => Promise<void>) | null,
): Promise<HandedOver> {
  const sinks = sinksOf(work)
  if (act === null && sinks.length === 0) return settleNow(work, end)
  if (end.line !== undefined && !(await end.line.settled())) throw new ClaimLost()
  const scope = act !== null ? work.scope : await sinkScope(work, sinks, end)
  // What other databases take is theirs before our transaction begins, which would otherwise stand idle meanwhile.
  const elsewhere = act === null ? sinks.filter(({ credential }) => credential !== null) : []
  const told: NewEvent[] = []
  for (const sink of elsewhere) told.push(...(await tellingOf(told, async () => runSink(null, { work, sink, scope }))))
  const here = sinks.filter((sink) => !elsewhere.includes(sink))
  const settled = async (client: PoolClient): Promise<void> =>
    cancelledBy(work.lost, { pid: processOf(client), connect: playbookClient }, async () => store(client))
  const store = async (client: Queryable): Promise<void> => {
    await act?.(client)
    const full = act !== null && here.length > 0 ? await sinkScope(work, here, end) : scope
    const events = [...told]
    for (const sink of here) events.push(...(await runSink(client, { work, sink, scope: full })))
    faultPoint('sink-written')
    if (!(await settleIteration(client, await settlementOf(work, end, events)))) throw new ClaimLost()
  }
  await tellingOf(told, async () =>
    withTransaction(settled, act === null && here.length === 0 ? pool() : playbookPool()),
  )
  faultPoint('sink-settled')
  return { settled: true, next: null, others: false }
}

/** What other databases took stays there when a sink after it fails, so that is told as well. */
async function tellingOf<T>(told: readonly NewEvent[], use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (error) {
    if (!(error instanceof SinkFailure) || told.length === 0) throw error
    throw new SinkFailure([...told, ...error.events], error.facts, error)
  }
}

/** Ends an iteration that failed; the items of its finished pages stay. Not `settled` when the claim was lost. */
export async function settleFailed(
  work: ElementWork,
  end: Failed,
  before: readonly NewEvent[] = [],
): Promise<HandedOver> {
  return settleNow(work, end, before)
}

/**
 * In the next round of pages, which may hold the last ones of this element too; the next element of the loop comes with
 * it. Throws what kept one of its pages from being written.
 */
async function settleNow(
  work: ElementWork,
  end: Completed | Failed,
  before: readonly NewEvent[] = [],
): Promise<HandedOver> {
  const { line } = end
  const settlement = await settlementOf(work, end, before)
  const handed = await work.writer.settle({
    ...settlement,
    next: nextClaim(work),
    ...(line !== undefined && { broken: line.broken }),
  })
  if (!handed.settled) await line?.settled()
  return handed
}

function nextClaim({ step, key, draining, handOver, around }: ElementWork): NextClaim | null {
  if (step.loop === null || isClosing(key) || draining.aborted) return null
  if (around.now() > handOver.until && !handOver.hasFreeSlot()) return null
  const goesOn = step.loop.onFailure === 'continue'
  return { workerId: handOver.workerId, leaseMs: LEASE_MS, goesOn, claimToken: randomUUID() }
}

/** A sink of the whole step belongs to the closing iteration of a loop, or to the only one where there is no loop. */
export function sinksOf({ step, key }: Pick<ElementWork, 'step' | 'key'>): Sink[] {
  return step.sinks.filter(({ per }) => step.loop === null || (per === 'step') === isClosing(key))
}

async function settlementOf(
  work: ElementWork,
  end: Completed | Failed,
  before: readonly NewEvent[],
): Promise<Settlement> {
  const error = end.end === 'failed' ? work.redactor.words(end.error) : null
  return {
    ...work.key,
    claimToken: work.claim.claimToken,
    status: error === null ? 'COMPLETED' : 'FAILED',
    stopReason: end.end === 'completed' ? end.stopReason : null,
    warnings: work.redactor.words(end.warnings),
    error,
    events: redactEvents([...before, ...(await endEvents(work, end, error))], work.redactor),
  }
}

/** Without a loop the step speaks for its only iteration. */
async function endEvents(work: ElementWork, end: Completed | Failed, error: ErrorFacts | null): Promise<NewEvent[]> {
  if (work.step.loop === null || isClosing(work.key)) return []
  const context = {
    index: work.key.index,
    element: work.claim.element,
    label: work.claim.label,
    pages: end.pages,
    items: end.items,
    warnings: end.warnings,
    duration_ms: await durationOf(work),
  }
  const at = { step: work.step.step, index: work.key.index }
  return error === null
    ? [
        iterationEvent('iteration_completed', 'COMPLETED', at, {
          ...context,
          stop_reason: end.end === 'completed' ? end.stopReason : null,
        }),
      ]
    : [iterationEvent('iteration_failed', 'FAILED', at, { ...context, error })]
}

/** Since the first claim, waits and other workers' time included. */
async function durationOf({ claim, claimedAt, key, around }: ElementWork): Promise<number> {
  return claim.firstClaim ? around.now() - claimedAt : around.store.startedAgo(key)
}
