import { cutText } from '../cut-text'
import type { HttpResponse } from '../http-message'
import { digitsAsText, stringifyPreciseJson } from '../json-precise'
import type { HttpStep, Template } from '../playbook/playbook'
import { budgetAtOnce, type Budget } from '../playbook/template/budget'
import { evaluateCondition, type Scope } from '../playbook/template/evaluate-template'
import { addPage } from './add-page'
import { losesCredentials } from './build-request'
import type { Digest } from './content-hash'
import { cutItems, type CutItems } from './cut-items'
import { decideNext, type Evidence, type Verdict } from './decide-next'
import { asGraphqlErrors, checkGraphqlErrors } from './graphql-errors'
import { isObject } from './item-path'
import { droppedSizeNotes } from './dropped-size'
import { guardAgainstLoops } from './guard-page'
import { isAllAtBound, noteTies } from './last-record'
import type { LoopGuardMemory } from './loop-guard'
import { planNextCall } from './next-call'
import { readNextToken, type NextToken } from './next-token'
import { findOverlap, NO_OVERLAP } from './overlap'
import { notePartial } from './partial-answer'
import { dueItems, gapAfter, sizeNotes } from './page-due'
import { PageFault } from './page-fault'
import { itemsOrEnd, withinRoom } from './page-items'
import { duplicatesNote, pageNotes } from './page-notes'
import { endWithoutItems, type Gathered, type PageReading } from './page-reading'
import { readSignals, type PageSignals } from './page-signals'
import type { Paginator } from './paginator'
import { itemsAsTheyCame } from './raw-items'
import type { WarningNote } from './reconcile'
import { applyPatch, type RequestDraft, type RequestPatch } from './request-draft'
import { NO_BODY, readResponseBody, type BodyReading } from './response-body'

/** What of an element's plan matters for reading its pages. */
export type ReadingPlan = {
  paginator: Paginator
  first: RequestDraft
  responseFormat: HttpStep['response']
  failWhen: Template | null
  homeOrigin: string
  allowedOrigins: readonly string[]
  scope: Scope
  secrets: ReadonlyMap<string, string>
  /** Hashes a page's items; without one it is done by hand, which takes longer. */
  digest?: Digest
}

/** `room`: the most items of it that are its own; null: all are. */
type AskedPage = { page: number; token: number | string | null; patch: RequestPatch; room: number | null }

/** `ahead`: one of several pages fetched at once up to `last`, whose followers are known and whose totals are compared at the end. */
type ReadingInput = {
  response: HttpResponse
  gathered: Gathered
  seen: LoopGuardMemory
  ahead: { readonly last: number; readonly pageSize: number } | null
}

/** One good answer → its items, what is remembered of it, and the next request or the reason to stop. Throws PageFault, TemplateError. */
export function readPage(plan: ReadingPlan, asked: AskedPage, input: ReadingInput): PageReading {
  const { response } = input
  const isHead = (asked.patch.method ?? plan.first.method) === 'HEAD'
  const body = isHead ? NO_BODY : readResponseBody(response, plan.responseFormat, asked.page)
  const scope: Scope = {
    ...plan.scope,
    response: body.value,
    http: { status: response.status, headers: response.headers, url: response.url },
  }
  // Nothing else has its turn before all conditions of a page are evaluated.
  const budget = budgetAtOnce()
  if (plan.failWhen !== null && evaluateCondition(plan.failWhen, scope, budget))
    throw failedByRule(plan.failWhen, asked.page, body.value)
  const warnings = partialNotes(plan, asked.page, body.value)
  if (response.credentialsStripped || isStripped(plan, asked)) {
    warnings.push({
      kind: 'credentials_stripped',
      message: `page ${asked.page} came from another origin, which got no credentials`,
    })
  }
  if (body.text === null) return emptyAnswer(plan, asked, input, warnings)
  try {
    return fullPage(plan, asked, { ...input, body, scope, budget, warnings })
  } catch (error) {
    throw error instanceof PageFault ? asGraphqlErrors(error, warnings) : error
  }
}

/** With `fail_when` the playbook says itself what is an error. */
function partialNotes({ paginator, failWhen }: ReadingPlan, page: number, body: unknown): WarningNote[] {
  if (paginator.source.type === 'graphql') return checkGraphqlErrors(body, page)
  return failWhen === null ? notePartial(body, page) : []
}

type FullInput = ReadingInput & { body: BodyReading; scope: Scope; budget: Budget; warnings: WarningNote[] }

/** Stands for the rule of a page whose followers were known before it came. */
export const AT_ONCE: Verdict = { stop: null, rule: 'one of several pages fetched at once' }

function fullPage(plan: ReadingPlan, asked: AskedPage, input: FullInput): PageReading {
  const { paginator } = plan
  const { gathered, body, scope, budget } = input
  const signals = readSignals(body.value, input.response.headers, paginator.stop, asked.page)
  const all = itemsOrEnd(paginator, asked.page, { ...input, body: body.value })
  const found = asked.room === null || all.items.length <= asked.room ? all : withinRoom(all, asked.room)
  const cut = cutPage(paginator, gathered, { items: found.items, scope, budget, asked, seen: input.seen })
  const overlap = overlapOf(plan, asked, { ...input, items: found.items })
  const now = addPage(paginator, gathered, { page: asked.page, found, cut, signals, repeated: overlap.repeated })
  const evidence = gatherEvidence(plan, asked, { ...input, signals, items: found.items, cut, now })
  const verdict = input.ahead === null ? decideNext(paginator, evidence) : AT_ONCE
  const due = input.ahead === null ? null : dueItems(paginator.source, asked, { ...now, ...input.ahead })
  const gap = gapAfter(asked, { came: found.items.length, due })
  const next =
    verdict.stop === null && input.ahead === null
      ? planNextCall(plan, asked, { next: evidence.next, scope, budget, response: input.response })
      : null
  const ties = noteTies(paginator, asked, { items: found.items, seen: input.seen, hasTotal: now.total !== null })
  const guard = isFiller(asked, input)
    ? { fingerprints: [], warnings: [], staleInARow: gathered.staleInARow }
    : guardAgainstLoops(plan, asked, {
        items: found.items,
        itemsText: found.path === null ? null : itemsAsTheyCame(body, input.response, found.path),
        token: evidence.next,
        next,
        emptyInARow: now.emptyInARow,
        staleInARow: gathered.staleInARow,
        isAllDropped: cut.duplicates > 0 && cut.duplicates === found.items.length,
        goesOn: next !== null || (input.ahead !== null && asked.page < input.ahead.last),
        seen: input.seen,
      })
  const isPlain = !cut.changed && found.path !== null
  return {
    bodyText: body.text,
    itemsPath: found.path ?? [],
    itemsText: isPlain ? null : itemsText(cut.kept, body),
    gathered: { ...now, staleInARow: guard.staleInARow },
    kept: cut.kept.length,
    pageItems: found.items.length,
    guessed: found.guessed,
    fingerprints: [...guard.fingerprints, ...cut.keys, ...overlap.fingerprints, ...ties.fingerprints],
    warnings: [
      ...input.warnings,
      ...guard.warnings,
      ...ties.warnings,
      // A page that is all the same is told by the guard, where it is on.
      ...(paginator.loopGuard === 'off' || guard.warnings.length > 0 ? [] : overlap.warnings),
      ...duplicatesNote(cut, asked.page),
      ...sizeNotes(asked, all.items.length, gap),
      ...pageNotes(plan, asked, {
        ...input,
        body: body.value,
        now,
        evidence,
        verdict,
        call: next,
        due,
        itemsPath: found.path,
      }),
      ...droppedSizeNotes(plan, asked, { came: all.items.length, goesOn: next !== null }),
    ],
    verdict,
    next,
    gap,
    values: { ...shownValues(evidence), ...(asked.room !== null && { most_items: asked.room }) },
  }
}

/** What fills in for a page that came short may be a few items like others, and can't go on for ever: it gets shorter each time. */
const isFiller = ({ room }: AskedPage, { ahead }: ReadingInput): boolean =>
  room !== null && ahead !== null && room < ahead.pageSize

/** 204, 205 and what HEAD gets have no body to look into: an empty page, which ends a pagination. */
function emptyAnswer(plan: ReadingPlan, asked: AskedPage, input: ReadingInput, warnings: WarningNote[]): PageReading {
  const { paginator } = plan
  const { gathered, response } = input
  const reading = endWithoutItems(paginator, gathered, {
    page: asked.page,
    stop: paginator.source.type === 'none' ? 'single_page' : 'empty_page',
    rule: `status ${response.status}`,
    inOrder: input.ahead === null,
  })
  const items = paginator.strategy === 'replace' ? 0 : gathered.items
  return {
    ...reading,
    gathered: { ...gathered, items, firstPageItems: gathered.firstPageItems ?? 0 },
    warnings: [...warnings, ...reading.warnings],
  }
}

function cutPage(
  { dedupe, stop, filter }: Paginator,
  gathered: Gathered,
  page: { items: readonly unknown[]; scope: Scope; budget: Budget; asked: AskedPage; seen: LoopGuardMemory },
): CutItems {
  const overItem = (condition: Template | null): ((item: unknown) => boolean) | null =>
    condition === null ? null : (item) => evaluateCondition(condition, { ...page.scope, item }, page.budget)
  return cutItems(page.items, {
    page: page.asked.page,
    dedupe,
    seen: page.seen,
    isLast: overItem(stop.itemWhen),
    isWanted: overItem(filter),
    room: stop.maxItems === null ? null : Math.max(0, stop.maxItems - gathered.items),
  })
}

/** With `dedupe` repeats are known already, pages fetched at once have no page before them, and of pages that replace each other nothing is twice. */
function overlapOf(
  { paginator, digest }: ReadingPlan,
  { page }: AskedPage,
  { items, seen, ahead }: FullInput & { items: readonly unknown[] },
): ReturnType<typeof findOverlap> {
  const { source, strategy, dedupe } = paginator
  if (source.type === 'none' || strategy !== 'append' || dedupe !== null || ahead !== null) return NO_OVERLAP
  return findOverlap(items, { page, seen, digest })
}

function gatherEvidence(
  { paginator }: ReadingPlan,
  asked: AskedPage,
  input: FullInput & { signals: PageSignals; items: readonly unknown[]; cut: CutItems; now: Gathered },
): Evidence {
  const { now, scope, budget } = input
  const { stop, source } = paginator
  return {
    page: asked.page,
    pageItems: input.items.length,
    firstPageItems: now.firstPageItems ?? input.items.length,
    received: now.received - now.duplicates,
    kept: now.items,
    signals: { ...input.signals, total: now.total, totalPages: now.totalPages },
    next: readTokenOrFault(paginator, asked, input),
    cutByItem: input.cut.cutByItem,
    cutByRoom: input.cut.cutByRoom,
    when: stop.when !== null && evaluateCondition(stop.when, scope, budget),
    goesOn:
      source.type === 'while' ? source.condition === null || evaluateCondition(source.condition, scope, budget) : null,
  }
}

/** A token that can't be read is a fault only when no earlier rule ends the run. */
function readTokenOrFault(
  paginator: Paginator,
  asked: AskedPage,
  input: FullInput & { items: readonly unknown[] },
): NextToken | PageFault {
  const { items, gathered } = input
  if (isAllAtBound(paginator, asked, { items, pageSize: gathered.firstPageItems }))
    return { kind: 'none', shown: 'only items at the bound', hasMore: null }
  try {
    return readNextToken(paginator.source, {
      body: input.body.value,
      response: input.response,
      items: input.items,
      token: asked.token,
      page: asked.page,
    })
  } catch (error) {
    if (error instanceof PageFault) return error
    throw error
  }
}

function isStripped(plan: ReadingPlan, asked: AskedPage): boolean {
  return asked.patch.url !== undefined && losesCredentials(applyPatch(plan.first, asked.patch), plan)
}

const itemsText = (items: readonly unknown[], body: BodyReading): string =>
  body.hasBigIntegers ? stringifyPreciseJson(items) : JSON.stringify(items)

const failedByRule = (rule: Template, page: number, body: unknown): PageFault => {
  const said = isObject(body) ? (body['message'] ?? body['error'] ?? body['errors']) : undefined
  const words = said === undefined ? '' : `; it says: ${cutText(JSON.stringify(said, digitsAsText), 200)}`
  return new PageFault(
    'api_error',
    `page ${page} is an error by fail_when (${rule})${words}`,
    'the API answers errors with a good status; see the body of the page',
  )
}

function shownValues({ signals, next, received, goesOn }: Evidence): Record<string, unknown> {
  return {
    received,
    ...(signals.hasMore === null ? {} : { has_more: signals.hasMore }),
    ...(signals.total === null ? {} : { total: signals.total }),
    ...(signals.totalPages === null ? {} : { total_pages: signals.totalPages }),
    ...(goesOn === null ? {} : { while: goesOn }),
    ...(next instanceof PageFault || next.shown === '' ? {} : { token: next.shown }),
  }
}
