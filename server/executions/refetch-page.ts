import { isDeepStrictEqual } from 'node:util'
import { fromCheckpoint, toCheckpoint } from '@/domain/execution/element-checkpoint'
import { notAskedFor, withSlot } from '@/domain/execution/element-slot'
import { nextAction, recordOutcome } from '@/domain/execution/element'
import { compileElementPlan, type ElementPlan } from '@/domain/execution/element-plan'
import type { ElementStep, PageRecord } from '@/domain/execution/element-records'
import type { ElementState } from '@/domain/execution/element-state'
import { nextChanged, sizeChanged, stateForPage, wasFetchedAtOnce } from '@/domain/execution/page-again'
import type { ViewWarning } from '@/domain/execution/view'
import type { HttpOutcome, HttpRequest } from '@/domain/http-message'
import type { JsonObject } from '@/domain/json'
import { describeRequest } from '@/domain/pagination/build-request'
import { applyPatch } from '@/domain/pagination/request-draft'
import type { HttpStep } from '@/domain/playbook/playbook'
import { WAKE_EARLY_MS } from '../db/claim-iteration'
import { replacePage } from '../db/replace-page'
import { openCheckpoint, sealCheckpoint } from '../secrets/checkpoint-seal'
import { endAsBefore, type Again } from './again'
import type { ActionEnd } from './action-end'
import type { ElementWork } from './element-work'
import { tokensOf } from './given-tokens'
import { createHiddenValues, type HiddenValues } from './hidden-values'
import { readSavedPage, type FoundPage } from './read-saved-page'
import { redactStep } from './redact-step'
import { withoutBackoff, withoutMark } from './reopened'
import { slotFor } from './slot-for'
import { untilWritten } from './until-written'

/** A wait up to this long is slept through; a longer one frees the slot. */
const SHORT_WAIT_MS = 1_000

type Work = ElementWork<HttpStep>
type Refetch = { work: Work; again: Again; plan: ElementPlan; hidden: HiddenValues; found: FoundPage }

/**
 * Asks for one saved page again, by the step's own error policy, and puts the answer in its place; the pages after it are
 * kept. The element then ends as it had ended before, with a warning where the page leads elsewhere now, or where it could
 * not be had and the saved one stays.
 */
export async function refetchPage(work: Work, again: Again): Promise<ActionEnd> {
  const { step, key, scope, secrets } = work
  const plan = compileElementPlan({ step, index: key.index, scope, secrets })
  const hidden = createHiddenValues(
    plan.secrets,
    plan.secrets === secrets ? work.redactor : null,
    tokensOf(key.executionId),
  )
  const found = await readSavedPage(key, again.page)
  if (found === null) return endKept(work, again, 'it is not there any more')
  const refetch = { work, again, plan, hidden, found }
  const state = beginning(refetch)
  if (state === null) return endKept(work, again, 'its request held a secret that is not stored; retry the element')
  // The page is replaced on another connection: what the writer still held would put its checkpoint over that one.
  await untilWritten(work)
  return fetchUntilEnded(refetch, state)
}

async function fetchUntilEnded(refetch: Refetch, begun: ElementState): Promise<ActionEnd> {
  const { work, again, plan, found } = refetch
  const { now, random, sleep } = work.around
  const giveUp = AbortSignal.any([work.lost, work.stopping])
  let state = begun
  for (;;) {
    if (giveUp.aborted || work.draining.aborted) return { end: 'interrupted' }
    const action = nextAction(plan, state, new Date(now()))
    if (action.do === 'wait') {
      const waitMs = action.until.getTime() - now()
      if (waitMs > SHORT_WAIT_MS) return park(refetch, state, action.until)
      await sleep(waitMs, AbortSignal.any([giveUp, work.draining]))
      continue
    }
    if (action.do !== 'request') return endKept(work, again, 'there was nothing to ask for')
    const slot = await slotFor(plan, action, work.around)
    if (slot.isGranted && slot.waitMs > 0) {
      state = withSlot(state, action.page, { at: new Date(now() + slot.waitMs), waitedMs: slot.waitMs })
      continue
    }
    const outcome = slot.isGranted
      ? await send(refetch, action.request, giveUp)
      : notAskedFor(plan, slot.pauseMs, new Date(now()))
    if (outcome.kind === 'none' && outcome.failure === 'aborted') return { end: 'interrupted' }
    const recorded = recordOutcome(plan, state, { page: found.page, outcome, now: new Date(now()), random: random() })
    if (recorded.page !== null) return replace(refetch, recorded, recorded.page)
    if (!(await write(refetch, recorded))) return { end: 'interrupted' }
    if (recorded.state.status !== 'running')
      return endKept(work, again, refetch.hidden.redactor().words(whyFailed(recorded.state)))
    state = recorded.state
  }
}

async function send({ work, plan, hidden }: Refetch, request: HttpRequest, signal: AbortSignal): Promise<HttpOutcome> {
  const { tokenRequest, budget } = plan
  const outcome = await work.around.send(request, { tokenRequest, signal, onToken: hidden.add })
  if (budget !== null) work.around.budget(budget, request.url).heed(outcome)
  return outcome
}

/** Where a worker before came to, or the first try. */
function beginning({ work, again, plan, found, hidden }: Refetch): ElementState | null {
  const place = withoutMark(work.claim.checkpoint as JsonObject | null)
  if (Object.keys(place).length > 0) {
    const state = fromCheckpoint(openCheckpoint(place, hidden.add), found.fingerprintsBefore)
    return withoutBackoff(state, work.claim.checkpoint)
  }
  const { progress } = fromCheckpoint(openCheckpoint(withoutMark(again.checkpoint), hidden.add), [])
  return stateForPage(plan, found, progress)
}

/** A failed try; the mark stays beside the place, so that whoever goes on knows what this is about. */
async function write(refetch: Refetch, recorded: ElementStep, until: Date | null = null): Promise<boolean> {
  const { work, again, hidden } = refetch
  const place = sealCheckpoint(toCheckpoint(recorded.state), hidden.redactor(), hidden.tokens())
  const written = await work.writer.write({
    ...work.key,
    epoch: work.claim.epoch,
    ...redactStep(recorded, hidden.redactor()),
    checkpoint: { ...place, again: asJson(again) },
    ...(until !== null && { status: 'WAITING' as const, nextAttemptAt: until }),
  })
  return written === 'written'
}

async function park(refetch: Refetch, state: ElementState, until: Date): Promise<ActionEnd> {
  if (!(await write(refetch, { state, events: [], page: null, attempt: null }, until))) return { end: 'interrupted' }
  return { end: 'waiting', until: new Date(until.getTime() - WAKE_EARLY_MS) }
}

async function replace(refetch: Refetch, recorded: ElementStep, page: PageRecord): Promise<ActionEnd> {
  const { work, again, plan, hidden, found } = refetch
  const masked = redactStep({ ...recorded, page }, hidden.redactor())
  if (masked.page === null) return { end: 'interrupted' }
  const warning =
    nextChanged(found.page, wayOn(refetch, recorded.state)) ??
    sizeChanged(plan, found, { before: found.items, now: page.itemCount })
  const end = withWarning(again, warning)
  const { page: _page, checkpoint, ...replaced } = end
  // Where each page takes the place of the one before, only the last one counts.
  const counts = found.isLast || plan.paginator.strategy !== 'replace'
  const replaces = { items: counts ? found.items : page.itemCount }
  const added = await replacePage(
    { ...work.key, epoch: work.claim.epoch },
    {
      page: masked.page,
      events: masked.events.map((event) => ({ ...event, context: { ...event.context, replaces } })),
      checkpoint: { ...withoutMark(checkpoint), replaced: asJson(replaced) },
    },
  )
  if (added === null) return { end: 'interrupted' }
  return endAsBefore(end, { pages: work.claim.pages, items: work.claim.items + added })
}

/** Where the page leads now, beside the request of the page that followed it. */
function wayOn({ plan, hidden, found }: Refetch, state: ElementState): Parameters<typeof nextChanged>[1] {
  const open = state.status === 'running' ? state.open[0] : undefined
  const now =
    open === undefined ? null : hidden.redactor().json(asJson(describeRequest(applyPatch(plan.first, open.patch))))
  const { followed } = found
  return { now, followed, isSame: wasFetchedAtOnce(plan, found) || isDeepStrictEqual(now, followed) }
}

function endKept({ claim }: Work, again: Again, why: string): ActionEnd {
  const message = `page ${again.page} was not fetched again: ${why}. The saved one stays.`
  return endAsBefore(withWarning(again, { kind: 'page_kept', message, page: again.page }), claim)
}

/** Of one kind about one page the last word counts. */
function withWarning(again: Again, warning: ViewWarning | null): Again {
  const isOutdated = (known: unknown): boolean =>
    typeof known === 'object' &&
    known !== null &&
    'kind' in known &&
    'page' in known &&
    (known.kind === 'next_changed' || known.kind === 'page_kept') &&
    known.page === again.page
  const kept = again.warnings.filter((known) => !isOutdated(known))
  return { ...again, warnings: warning === null ? kept : [...kept, warning] }
}

function whyFailed(state: ElementState): string {
  if (state.status === 'failed') return state.error.message
  return state.status === 'completed' ? `it was left out (${state.stopReason})` : 'it is still under way'
}

const asJson = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value))
