import { isClosing } from '@/domain/execution/closing-iteration'
import { DomainError } from '@/domain/domain-error'
import type { HttpStep, Step } from '@/domain/playbook/playbook'
import type { HandedOver } from '../db/hand-over'
import { done, type ActionEnd } from './action-end'
import { againOf, endAfterReplaced } from './again'
import type { ElementWork } from './element-work'
import { refetchPage } from './refetch-page'
import { runAssert } from './run-assert'
import { runChild } from './run-child'
import { runPages } from './run-pages'
import { runPostgres } from './run-postgres'
import { runTransform } from './run-transform'
import { settleCompleted, settleFailed } from './settle-element'
import { untilWritten } from './until-written'

export type Paused = Extract<ActionEnd, { end: 'waiting' | 'parked' | 'interrupted' }>

/** `next`: the element of the same loop that this worker holds now; null: the orchestrator should look, unless `others` do. */
export type Ended = { end: 'ended' } & Pick<HandedOver, 'next' | 'others'>

/** Does the step's action for one iteration and records its end, if it came to one. Throws what the action throws. */
export async function act(work: ElementWork): Promise<Ended | Paused> {
  const { step } = work
  if (isClosing(work.key)) return close(work)
  switch (step.tool) {
    case 'http':
      return settle(work, await runHttp({ ...work, step }))
    case 'postgres':
      return settleUnlessSettled(work, await runPostgres({ ...work, step }))
    case 'transform':
      await runTransform({ ...work, step })
      return settle(work, done())
    case 'assert':
      return settle(work, await runAssert({ ...work, step }))
    case 'playbook':
      return settle(work, await runChild({ ...work, step }))
    case null:
      throw notRunnable(step)
  }
}

/** All pages from where the element stands; or, where a retry asked for it, one saved page again. */
async function runHttp(work: ElementWork<HttpStep>): Promise<ActionEnd> {
  const ended = endAfterReplaced(work.claim)
  if (ended !== null) return ended
  const again = againOf(work.claim.checkpoint)
  return again === null ? runPages(work) : refetchPage(work, again)
}

/** The sinks of a whole loop are all there is to do; that they began is on record before they do. */
async function close(work: ElementWork): Promise<Ended | Paused> {
  await untilWritten(work)
  return settle(work, done())
}

/** Records how an iteration ended; a pause is handed through. */
export async function settle(work: ElementWork, end: ActionEnd): Promise<Ended | Paused> {
  switch (end.end) {
    case 'completed':
      return endedIf(await settleCompleted(work, end))
    case 'failed':
      return endedIf(await settleFailed(work, end))
    case 'waiting':
    case 'parked':
    case 'interrupted':
      return end
  }
}

async function settleUnlessSettled(
  work: ElementWork,
  end: Awaited<ReturnType<typeof runPostgres>>,
): Promise<Ended | Paused> {
  return 'settled' in end ? endedIf(end) : settle(work, end)
}

/** A settlement that was refused belongs to a claim that is no longer ours. */
const endedIf = ({ settled, next, others }: HandedOver): Ended | Paused =>
  settled ? { end: 'ended', next, others } : { end: 'interrupted' }

/** A step without a tool is routed through and never handed out. */
const notRunnable = (step: Step): DomainError =>
  new DomainError('invalid_playbook', `Step "${step.step}" has no tool, so there is no work for an iteration.`)
