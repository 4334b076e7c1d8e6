import { setTimeout as wait } from 'node:timers/promises'
import { DomainError } from '@/domain/domain-error'
import { initialState, nextAction, recordOutcome } from '@/domain/execution/element'
import type { ElementStep } from '@/domain/execution/element-records'
import type { ElementState } from '@/domain/execution/element-state'
import { requestBudget } from '../executions/request-budget'
import { sendPage } from '../executions/send-page'
import { slotFor } from '../executions/slot-for'
import { masked, type StepOnTrial } from './step-on-trial'

/** One answer: the state it came into, and what it led to. */
export type Followed = { page: number; before: ElementState; recorded: ElementStep }

/** `waitingUntil`: a run would ask again then, and that is too long to sit through. */
export type FollowedPages = { answers: Followed[]; waitingUntil: Date | null }

type Following = { gone: AbortSignal; isEnough: (answer: Followed) => boolean }

/** Waits between pages and tries that somebody sits through. */
const LONGEST_WAIT_MS = 10_000
const LONGEST_TRIAL_MS = 60_000
const MOST_AT_ONCE = 4

let running = 0

/**
 * Asks for an element's pages as a run would, one after the other, and writes nothing down. Ends when an answer is enough,
 * with the element, or before a long wait. Throws DomainError.
 */
export async function followPages(trial: StepOnTrial, { gone, isEnough }: Following): Promise<FollowedPages> {
  if (running >= MOST_AT_ONCE)
    throw new DomainError('unavailable', `${MOST_AT_ONCE} tests are under way already; try again when one has ended.`)
  running += 1
  try {
    const signal = AbortSignal.any([gone, AbortSignal.timeout(LONGEST_TRIAL_MS)])
    return await follow(trial, { gone: signal, isEnough })
  } catch (error) {
    throw masked(error, trial.hidden)
  } finally {
    running -= 1
  }
}

async function follow({ plan, hidden }: StepOnTrial, { gone: signal, isEnough }: Following): Promise<FollowedPages> {
  const answers: Followed[] = []
  let state = initialState(plan)
  let waited = 0
  for (;;) {
    if (signal.aborted) throw tooLong()
    const action = nextAction(plan, state, new Date())
    if (action.do === 'stop' || action.do === 'await') return { answers, waitingUntil: null }
    const waitMs = action.do === 'wait' ? action.until.getTime() - Date.now() : await waitForSlot(plan, action)
    waited += Math.max(0, waitMs)
    if (waited > LONGEST_WAIT_MS) return { answers, waitingUntil: new Date(Date.now() + waitMs) }
    if (waitMs > 0) await wait(waitMs, undefined, { signal }).catch(() => undefined)
    if (action.do === 'wait') continue
    const { page, request } = action
    const outcome = await sendPage(request, { tokenRequest: plan.tokenRequest, signal, onToken: hidden.add })
    if (plan.budget !== null) requestBudget(plan.budget, request.url).heed(outcome)
    if (signal.aborted) throw tooLong()
    const recorded = recordOutcome(plan, state, { page, outcome, now: new Date(), random: Math.random() })
    const answer = { page, before: state, recorded }
    answers.push(answer)
    if (isEnough(answer)) return { answers, waitingUntil: null }
    state = recorded.state
  }
}

async function waitForSlot(plan: StepOnTrial['plan'], asked: Parameters<typeof slotFor>[1]): Promise<number> {
  const slot = await slotFor(plan, asked, { budget: requestBudget })
  return slot.isGranted ? slot.waitMs : slot.pauseMs
}

const tooLong = (): DomainError =>
  new DomainError('unavailable', `The test did not end within ${LONGEST_TRIAL_MS / 1000} s and was given up.`, {
    hint: 'Lower timeout of the step while you test it, or run the playbook.',
  })
