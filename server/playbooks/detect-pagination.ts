import type { Detect, DetectAnswer } from '@/domain/api/playbook-test'
import { DomainError } from '@/domain/domain-error'
import type { Candidate } from '@/domain/execution/auto-progress'
import type { ElementState } from '@/domain/execution/element-state'
import { recordOf, textOf } from '@/domain/execution/view-context'
import type { Json, JsonObject } from '@/domain/json'
import { pathText } from '@/domain/pagination/auto/clues'
import { explicitPaginate, writePaginate } from '@/domain/pagination/auto/write-paginate'
import { normalizePaginate } from '@/domain/playbook/normalize/normalize-paginate'
import type { HttpStep } from '@/domain/playbook/playbook'
import { paginateSchema } from '@/domain/playbook/schema/paginate-schema'
import { patchPaginate } from '@/domain/playbook/text/patch-paginate'
import { redactStep } from '../executions/redact-step'
import { followPages, type Followed } from './follow-pages'
import { stepOnTrial, type StepOnTrial } from './step-on-trial'

/**
 * Finds out how a step's API pages, as `paginate: {type: auto}` does in a run: page 1 proposes ways to go on, a second page
 * proves one or speaks against it. Gives the explicit block and the edit that writes it down. Throws DomainError.
 */
export async function detectPagination(detect: Detect, gone: AbortSignal): Promise<DetectAnswer> {
  const trial = await stepOnTrial(detect, onAuto)
  const isEnough = ({ page, recorded }: Followed): boolean => page > 1 && recorded.page !== null
  const { answers, waitingUntil } = await followPages(trial, { gone, isEnough })
  const found = chosenBy(answers)
  const text = found === null ? null : blockOf(trial, found)
  const redactor = trial.hidden.redactor()
  const edit = text === null ? null : patchPaginate(detect.content, detect.step, text.block)
  const answer: DetectAnswer = {
    element: trial.element,
    proved: found !== null,
    choice: found?.choice ?? null,
    evidence: found?.evidence ?? [],
    refused: refusedBy(answers),
    pages: answers.flatMap(({ recorded }) => pagesOf(redactStep(recorded, redactor).page)),
    ...(found === null ? whyNothing(answers, waitingUntil) : { reason: null, hint: null }),
    yaml: text?.yaml ?? null,
    edit: null,
  }
  return {
    ...redactor.words(answer),
    yaml: redactor.json(answer.yaml),
    edit: edit === null ? null : { ...edit, insert: redactor.text(edit.insert) },
  }
}

/** The step with its paging left to be found out. Throws DomainError where its author has said how it pages. */
function onAuto(step: HttpStep): HttpStep {
  const says = howItPages(step)
  if (says !== null)
    throw new DomainError('invalid_request', `The step "${step.step}" says already how it pages: ${says}.`, {
      hint: 'Take that out, or write `paginate: { type: auto }` in its place, to have it found out.',
    })
  const block = paginateSchema.parse({ ...writtenBlock(step), type: 'auto' })
  return { ...step, pagination: normalizePaginate(block) }
}

/** Null where nothing is said that detection would overrule. */
function howItPages({ pagination }: HttpStep): string | null {
  if (pagination === null) return null
  if (pagination.kind === 'while') return 'retry.on_success'
  return pagination.type === 'auto' || pagination.type === 'none' ? null : `paginate with type: ${pagination.type}`
}

const writtenBlock = (step: HttpStep): Record<string, unknown> => recordOf(step.written.paginate) ?? {}

type Choice = { choice: JsonObject; evidence: string[]; itemsPath: string | null }

/** What page 2 has proved; null when nothing was. */
function chosenBy(answers: readonly Followed[]): Choice | null {
  const [first] = answers.flatMap(({ recorded }) => (recorded.page?.page === 1 ? [recorded] : []))
  const proof = answers.findLast(({ page, recorded }) => page === 2 && recorded.page !== null)
  const note = recordOf(proof?.recorded.page?.next['auto'])
  const choice = asJson(note?.['choice'])
  if (first?.page === undefined || first.page === null || note?.['proved'] !== true || choice === null) return null
  const { evidence } = note
  const guessed = first.events.some(({ context }) => context['items_guessed'] === true)
  return {
    choice,
    evidence: [...(Array.isArray(evidence) ? evidence.map(String) : []), ...newItems(answers)],
    itemsPath: guessed ? pathText(first.page.itemsPath) || '$' : null,
  }
}

/** The proof in words. */
function newItems(answers: readonly Followed[]): string[] {
  const counts = answers.flatMap(({ recorded }) => (recorded.page === null ? [] : [recorded.page.itemCount]))
  const [first, second] = counts
  return first === undefined || second === undefined || second === 0
    ? []
    : [`page 2 has ${second} items, none of them among the ${first} of page 1`]
}

function blockOf({ step }: StepOnTrial, { choice, itemsPath }: Choice): { block: JsonObject; yaml: string } {
  const written = asJson(writtenBlock(step)) ?? {}
  return {
    block: explicitPaginate(choice, written, itemsPath),
    yaml: writePaginate(choice, written, itemsPath),
  }
}

function refusedBy(answers: readonly Followed[]): DetectAnswer['refused'] {
  return answers.flatMap(({ before, recorded }) => {
    const tried = onTrial(before)
    const why = recorded.attempt?.error.message
    return tried === null || why === undefined || onTrial(recorded.state) === tried
      ? []
      : [{ choice: tried.paginate, why }]
  })
}

const onTrial = (state: ElementState): Candidate | null =>
  state.status === 'running' && state.auto?.stage === 'proving' ? (state.auto.candidates[0] ?? null) : null

const pagesOf = (page: Followed['recorded']['page']): DetectAnswer['pages'] =>
  page === null ? [] : [{ page: page.page, request: page.request, status: page.status, items: page.itemCount }]

function whyNothing(answers: readonly Followed[], waitingUntil: Date | null): Pick<DetectAnswer, 'reason' | 'hint'> {
  const last = answers.at(-1)?.recorded
  if (waitingUntil !== null)
    return { reason: 'the API asks to wait longer than this look takes', hint: 'Try again later.' }
  if (last?.state.status === 'failed') return { reason: last.state.error.message, hint: last.state.error.hint ?? null }
  const suspicion = last?.state.progress.warnings.find(({ kind }) => kind === 'more_available')
  if (suspicion !== undefined)
    return { reason: suspicion.message, hint: 'If there is more, write how its pages follow each other.' }
  const because = textOf(recordOf(last?.page?.next['auto']) ?? {}, 'because')
  return {
    reason: `the first answer is all there is: ${because ?? 'nothing says that there is more'}`,
    hint: null,
  }
}

/** What came out of a page's record is JSON. */
const asJson = (value: unknown): JsonObject | null => {
  const record = recordOf(value)
  return record === null
    ? null
    : Object.fromEntries(Object.entries(record).map(([key, member]) => [key, member as Json]))
}
