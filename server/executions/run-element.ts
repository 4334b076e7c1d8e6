import { isClosing } from '@/domain/execution/closing-iteration'
import { errorFactsOf } from '@/domain/execution/error-facts'
import type { ErrorFacts } from '@/domain/execution/events'
import { iterationEvent } from '@/domain/execution/workflow-events'
import type { Claim } from '../db/claim-iteration'
import type { IterationKey } from '../db/page-commit'
import { hasMoved } from '../db/write-commits'
import { log } from '../log'
import { createRedactor } from '../secrets/redact'
import { failedWith } from './action-end'
import { ClaimLost } from './claim-lost'
import { act, settle, type Ended, type Paused } from './act'
import type { ElementWork, ElementWorker } from './element-work'
import { isPassing } from './is-passing'
import { isUntold, unmoved } from './reopened'
import { LEASE_MS, type HeldLease } from './lease-keeper'
import { stepOf } from './load-run'
import { ownSignal } from './own-signal'
import { sinkStarted } from './run-sink'
import { sinksOf } from './settle-element'
import type { Surroundings } from './surroundings'

/** Starts without a saved page after which an iteration is given up (P11). */
const MAX_IDLE_STARTS = 3

/**
 * After two starts that came to nothing an element may be what kills the worker, or may have been beside it. A worker
 * begins one of those at a time, so that the bad one is found without the good ones being counted with it.
 */
const SUSPECT_STARTS = 3
const SUSPECT_WAIT_MS = 500

/** An alarm that rings a moment early finds the iteration not due yet, and the sweeper would have to come for it. */
const ALARM_MARGIN_MS = 30

/** So long a busy worker goes from one element of a loop to the next; then the queue decides, so that other runs have their turn. */
const LONGEST_TURN_MS = 1_000

/**
 * Works on one iteration as far as it goes now, and on the elements of its loop that are handed over with its end. True
 * when the orchestrator should look. Spent tickets (settled, held by a live worker, not due) do nothing. Throws only what
 * another try may not meet.
 */
export async function runElement(key: IterationKey, worker: ElementWorker): Promise<boolean> {
  const { workerId, around, suspects } = worker
  const claim = await around.store.claim({ ...key, workerId, leaseMs: LEASE_MS })
  if (claim === null) return false
  if (claim.idleStarts < SUSPECT_STARTS) return runTurn(key, claim, worker)
  if (suspects.size > 0) {
    await giveBack(key, claim, { around, delayMs: SUSPECT_WAIT_MS })
    return false
  }
  suspects.add(claim)
  try {
    return await runTurn(
      key,
      claim,
      untilItMoves(worker, () => suspects.delete(claim)),
    )
  } finally {
    suspects.delete(claim)
  }
}

/** The same worker, which hears when something of the work is on record. */
function untilItMoves(worker: ElementWorker, moved: () => void): ElementWorker {
  const write: ElementWorker['writer']['write'] = async (commit) => {
    const result = await worker.writer.write(commit)
    if (result === 'written' && hasMoved(commit)) moved()
    return result
  }
  return { ...worker, writer: { ...worker.writer, write } }
}

async function runTurn(key: IterationKey, claim: Claim, worker: ElementWorker): Promise<boolean> {
  const { around } = worker
  const until = around.now() + LONGEST_TURN_MS
  let turn = { index: key.index, claim }
  for (;;) {
    const end = await runClaimed({ ...key, index: turn.index }, turn.claim, { worker, until })
    if (end.end !== 'ended') return false
    if (end.next === null) return !end.others
    turn = end.next
  }
}

async function runClaimed(
  key: IterationKey,
  claim: Claim,
  { worker, until }: { worker: ElementWorker; until: number },
): Promise<Ended | Paused> {
  const held = worker.leases.hold({ ...key, epoch: claim.epoch })
  const draining = ownSignal([worker.draining, held.paused])
  const stopping = ownSignal([worker.stopping])
  try {
    const end = await workOn(key, {
      claim,
      held,
      until,
      worker: { ...worker, draining: draining.signal, stopping: stopping.signal },
    })
    const { around } = worker
    if (end.end === 'waiting') {
      const delayMs = end.until.getTime() - around.now() + ALARM_MARGIN_MS
      await enqueueAgain(key, claim, { around, delayMs })
    } else if (end.end === 'interrupted' && !held.signal.aborted) await giveBack(key, claim, { around, delayMs: 0 })
    return end
  } finally {
    draining.release()
    stopping.release()
    held.drop()
  }
}

type Held = { claim: Claim; held: HeldLease; worker: ElementWorker; until: number }

async function workOn(key: IterationKey, { claim, held, worker, until }: Held): Promise<Ended | Paused> {
  const { workerId, writer, draining, stopping, around, hasFreeSlot } = worker
  const run = await around.store.loadRun(key.executionId)
  if (run === null) return { end: 'interrupted' }
  const step = stepOf(run, key.step)
  const context = {
    writer,
    around,
    handOver: { workerId, until, hasFreeSlot },
    draining,
    stopping,
    lost: held.signal,
    claimedAt: around.now(),
  }
  let work: ElementWork = {
    ...context,
    key,
    run,
    step,
    claim,
    scope: {},
    secrets: new Map(),
    redactor: createRedactor([]),
  }
  announce(work)
  try {
    if (claim.idleStarts > MAX_IDLE_STARTS) return await settle(work, failedWith(crashLoop(claim)))
    work = await withNames(work)
    return await act(work)
  } catch (error) {
    if (error instanceof ClaimLost) return { end: 'interrupted' }
    if (isPassing(error)) {
      // No crash, so it counts for none; where even this can't be written, the lease runs out.
      await around.store.release({ ...key, epoch: claim.epoch }).catch(() => undefined)
      throw error
    }
    return settle(work, failedWith(errorFactsOf(error)))
  }
}

/**
 * `iteration_started` goes out with the first commit of an element, and of one opened again, ahead of the first answer: a
 * claim that ended before any commit has told nobody. Stored elements are masked. The closing iteration is no element: it
 * begins with its sinks.
 */
function announce({ key, claim, step, writer }: ElementWork): void {
  if (!isUntold(claim.checkpoint) || step.loop === null) return
  const context = { index: key.index, element: claim.element, label: claim.label }
  const events = isClosing(key)
    ? sinksOf({ step, key }).map((sink) => sinkStarted(key, sink))
    : [iterationEvent('iteration_started', 'STARTED', { step: key.step, index: key.index }, context)]
  writer
    .write({ ...key, epoch: claim.epoch, page: null, attempt: null, events, checkpoint: unmoved(claim.checkpoint) })
    .catch((error: unknown) => {
      log().warn({ err: error, ...key }, 'iteration_started was not written')
    })
}

/** Adds what the step's templates see. Throws DomainError for a missing secret or an undefined name. */
async function withNames(work: ElementWork): Promise<ElementWork> {
  const { run, step, key, claim, around } = work
  const {
    scope,
    secrets: names,
    others,
  } = await around.store.elementScope(run, step, {
    index: key.index,
    element: claim.element,
    epoch: claim.epoch,
  })
  const secrets = await around.store.readSecrets(names, others)
  return { ...work, scope, secrets, redactor: createRedactor([...secrets.values()]) }
}

const crashLoop = (claim: Claim): ErrorFacts => ({
  kind: 'crash_loop',
  message: `The work on this element was started ${claim.idleStarts - 1} times and ended each time without saving a page.`,
  hint: 'Look into the log of the workers for what kills them; a response that is too large for their memory is the usual reason.',
})

type Again = { around: Surroundings; delayMs: number }

async function giveBack(key: IterationKey, claim: Claim, again: Again): Promise<void> {
  await again.around.store.release({ ...key, epoch: claim.epoch })
  await enqueueAgain(key, claim, again)
}

async function enqueueAgain(key: IterationKey, claim: Claim, { around, delayMs }: Again): Promise<void> {
  await around.enqueue('element', { ...key, epoch: claim.epoch }, { delayMs: Math.max(0, delayMs) })
}
