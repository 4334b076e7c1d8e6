import { hash } from 'node:crypto'
import { fromCheckpoint, toCheckpoint } from '@/domain/execution/element-checkpoint'
import { notAskedFor, pageWithoutSlot, tellNextPage, withSlot } from '@/domain/execution/element-slot'
import { initialState, nextAction, recordOutcome, reopenFailed } from '@/domain/execution/element'
import { compileElementPlan, type ElementPlan } from '@/domain/execution/element-plan'
import type { ElementStep } from '@/domain/execution/element-records'
import type { ElementState } from '@/domain/execution/element-state'
import type { HttpOutcome, HttpRequest, HttpResponse } from '@/domain/http-message'
import type { JsonObject } from '@/domain/json'
import type { Digest } from '@/domain/pagination/content-hash'
import type { HttpStep } from '@/domain/playbook/playbook'
import { WAKE_EARLY_MS, type Claim } from '../db/claim-iteration'
import type { PageCommit } from '../db/page-commit'
import { openCheckpoint, sealCheckpoint } from '../secrets/checkpoint-seal'
import type { Redactor } from '../secrets/redact'
import type { ActionEnd } from './action-end'
import { createCommitLine, type CommitLine } from './commit-line'
import type { ElementWork } from './element-work'
import { tokensOf } from './given-tokens'
import { createHiddenValues, type HiddenValues } from './hidden-values'
import { redactStep, type Redacted } from './redact-step'
import { slotFor } from './slot-for'
import { isReopened, withoutBackoff, withoutMark } from './reopened'
import type { Surroundings } from './surroundings'

/** A wait up to this long is slept through; a longer one frees the slot. */
const SHORT_WAIT_MS = 1_000

type Asked = { page: number; request: HttpRequest; hasSlot: boolean }
type Landed = { page: number; outcome: HttpOutcome }
/** What an outcome came to, not yet given to the writer. */
type Untold = { step: ElementStep; response?: HttpResponse }

/**
 * Fetches an element's pages from where it stands. Page n+1 is asked for while page n commits; the last may still be on
 * their way (`line`) when this returns. Throws TemplateError or DomainError when the step's templates can't make a request.
 */
export async function runPages(work: ElementWork<HttpStep>): Promise<ActionEnd> {
  const { step, key, scope, secrets, claim, around } = work
  const { now, random, sleep } = around
  const plan = { ...compileElementPlan({ step, index: key.index, scope, secrets }), digest }
  // A basic login or a token made of secrets must not show either.
  const hidden = createHiddenValues(
    plan.secrets,
    plan.secrets === secrets ? work.redactor : null,
    tokensOf(key.executionId),
  )
  let state = restored(claim, hidden) ?? initialState(plan)
  const commitOf = (recorded: ElementStep, response?: HttpResponse): PageCommit => {
    const { state: reached } = recorded
    return {
      ...key,
      epoch: claim.epoch,
      ...withBytes(redactStep(recorded, hidden.redactor()), response),
      // Of the pages that are written together only the last one's is asked for. It may hold the state, not the page: until
      // that is written, its text would outlive its use.
      get checkpoint() {
        return sealCheckpoint(toCheckpoint(reached), hidden.redactor(), hidden.tokens())
      },
    }
  }
  const line = createCommitLine(work.writer)
  const gone = AbortSignal.any([work.lost, line.broken])
  const giveUp = AbortSignal.any([gone, work.stopping])
  const flights = new Map<number, Promise<Landed>>()
  let untold: Untold | null = null

  const fly = async ({ page, request }: Asked): Promise<Landed> => {
    const budget = plan.budget === null ? null : around.budget(plan.budget, request.url)
    const { tokenRequest } = plan
    const outcome = await around.send(request, { tokenRequest, signal: giveUp, onToken: hidden.add })
    budget?.heed(outcome)
    return { page, outcome }
  }
  const land = async (until: Date | null = null): Promise<boolean> => {
    const landed = await firstOf(flights.values(), until, around)
    if (landed === null) return true
    flights.delete(landed.page)
    if (landed.outcome.kind === 'none' && landed.outcome.failure === 'aborted') return false
    await record(landed)
    return true
  }
  const record = async ({ page, outcome }: Landed): Promise<void> => {
    const recorded = recordOutcome(plan, state, { page, outcome, now: new Date(now()), random: random() })
    state = flights.size > 0 ? recorded.state : await withNextSlot(plan, recorded.state, around)
    untold = { step: { ...recorded, state }, ...(outcome.kind === 'response' && { response: outcome.response }) }
  }
  const tell = (): void => {
    if (untold === null) return
    const { step: recorded, response } = untold
    untold = null
    line.write(commitOf(tellNextPage(recorded, new Date(now())), response))
  }
  const decide = (): ReturnType<typeof nextAction> => {
    if (work.draining.aborted && state.status === 'running') return draining
    try {
      return nextAction(plan, state, new Date(now()), new Set(flights.keys()))
    } catch (error) {
      tell()
      throw error
    }
  }

  for (;;) {
    if (gone.aborted) {
      tell()
      return abandon(flights, line)
    }
    const action = decide()
    if ((action.do !== 'request' && action.do !== 'await') || !work.writer.hasRoom()) tell()
    switch (action.do) {
      case 'request': {
        await work.writer.whenRoom()
        const slot = await slotFor(plan, action, around)
        if (!slot.isGranted) {
          tell()
          await record({ page: action.page, outcome: notAskedFor(plan, slot.pauseMs, new Date(now())) })
        } else if (slot.waitMs > 0) state = withReserved(state, action.page, { waitMs: slot.waitMs, around })
        else flights.set(action.page, fly(action))
        break
      }
      case 'await':
        // The next request is on its way before the page before it is made ready for storing.
        if (untold !== null && flights.size > 0) await around.untilSent()
        tell()
        if (flights.size === 0 || !(await land())) return abandon(flights, line)
        break
      case 'wait': {
        if (flights.size > 0) {
          if (!(await land(action.until))) return abandon(flights, line)
          break
        }
        const waitMs = action.until.getTime() - now()
        if (waitMs <= SHORT_WAIT_MS) {
          await sleep(waitMs, AbortSignal.any([giveUp, work.draining]))
          break
        }
        line.write({
          ...commitOf({ state, events: [], page: null, attempt: null }),
          status: 'WAITING',
          nextAttemptAt: action.until,
        })
        if (!(await line.settled())) return { end: 'interrupted' }
        return { end: 'waiting', until: new Date(action.until.getTime() - WAKE_EARLY_MS) }
      }
      case 'stop':
        return endOf(state, hidden.redactor(), line)
    }
  }
}

/** A body that is stored as it came goes out as the bytes it came in; its text is of no use any more. */
function withBytes(
  step: Redacted,
  response: HttpResponse | undefined,
): Pick<PageCommit, 'page' | 'attempt' | 'events'> {
  const { page } = step
  if (page === null || response?.utf8 === undefined || page.body !== response.text) return step
  return { ...step, page: { ...page, body: response.utf8 } }
}

/** Of the digests Node has the fastest. */
const digest: Digest = (text) => hash('sha1', text)

const draining = { do: 'await' } as const

/** Null before the first outcome. The column holds what `sealCheckpoint` gave. */
function restored({ checkpoint, fingerprints }: Claim, hidden: HiddenValues): ElementState | null {
  const stored = withoutMark(checkpoint as JsonObject | null)
  if (Object.keys(stored).length === 0) return null
  const state = fromCheckpoint(openCheckpoint(stored, hidden.add), fingerprints)
  return withoutBackoff(isReopened(checkpoint) ? reopenFailed(state) : state, checkpoint)
}

/** Reserves the next page's slot already now, so that the event of the page before can say how long it waits. */
async function withNextSlot(plan: ElementPlan, state: ElementState, around: Surroundings): Promise<ElementState> {
  const page = plan.budget === null ? null : pageWithoutSlot(state, new Date(around.now()))
  if (page === null) return state
  try {
    const next = nextAction(plan, state, new Date(around.now()))
    if (next.do !== 'request') return state
    const slot = await slotFor(plan, next, around)
    // Where it may not wait for one, that is told when it is asked for: the page before it is saved first.
    return slot.isGranted ? withReserved(state, page, { waitMs: slot.waitMs, around }) : state
  } catch {
    // It comes again when the next page is asked for; the page before it is saved first.
    return state
  }
}

const withReserved = (
  state: ElementState,
  page: number,
  { waitMs, around }: { waitMs: number; around: Surroundings },
): ElementState => withSlot(state, page, { at: new Date(around.now() + waitMs), waitedMs: waitMs })

/** The first flight to land, or null when `until` comes before. */
async function firstOf(
  flights: Iterable<Promise<Landed>>,
  until: Date | null,
  { now, sleep }: Surroundings,
): Promise<Landed | null> {
  if (until === null) return Promise.race(flights)
  const landed = new AbortController()
  const first = await Promise.race([...flights, sleep(until.getTime() - now(), landed.signal)])
  landed.abort()
  return first ?? null
}

/** Waits for what is under way, so that nothing of this claim runs on after its ticket has ended. */
async function abandon(
  flights: ReadonlyMap<number, Promise<Landed>>,
  line: { settled(): Promise<boolean> },
): Promise<ActionEnd> {
  await Promise.allSettled(flights.values())
  await line.settled()
  return { end: 'interrupted' }
}

function endOf(state: ElementState, redactor: Redactor, line: CommitLine): ActionEnd {
  const { pages, items } = state.progress
  const warnings = redactor.words(state.progress.warnings)
  switch (state.status) {
    case 'completed':
      return { end: 'completed', stopReason: state.stopReason, warnings, pages, items, line }
    case 'failed':
      return { end: 'failed', error: redactor.words(state.error), warnings, pages, items, line }
    case 'running':
      return { end: 'interrupted' }
  }
}
