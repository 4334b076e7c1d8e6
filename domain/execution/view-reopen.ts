import type { StepView } from './view'
import { numberOf, textOf } from './view-context'
import { moveElement, moveUnbegun, writableElement, writablePage, writableStep, type Draft } from './view-draft'

/** A retry: the elements that are tried again wait for their turn, their steps go on, and what lies behind them may begin. */
export function reopenElements(draft: Draft, context: Record<string, unknown>): void {
  const steps = listOf(context['steps'])
  const leadingOn = listOf(context['leading_on'])
  const index = numberOf(context, 'index')
  for (const { name } of draft.view.steps.filter(wasLeftOut)) awaitStep(draft, name)
  for (const { name } of draft.view.steps.filter((step) => leadingOn.includes(step.name))) leadOnAgain(draft, name)
  for (const { name } of draft.view.steps.filter((step) => steps.includes(step.name))) {
    const step = writableStep(draft, name)
    // One element alone, or one page: what had been left out stays so.
    if (index === null) moveUnbegun(draft, step, 'PENDING')
    step.status = 'RUNNING'
    step.endedAt = null
    step.error = null
    for (const element of step.elements) {
      if (element === null || (index !== null && element.index !== index)) continue
      const isAgain = element.status === 'COMPLETED' && numberOf(context, 'page') !== null
      if (isAgain || element.status === 'FAILED' || element.status === 'CANCELLED')
        reopenElement(draft, step, element.index)
    }
  }
}

/** Never begun because the run failed or was cancelled; what no branch led to stays skipped. */
const wasLeftOut = ({ status, startedAt, unbegun }: StepView): boolean =>
  startedAt === null && ((status === 'SKIPPED' && unbegun === 'SKIPPED') || status === 'CANCELLED')

function awaitStep(draft: Draft, name: string): void {
  const step = writableStep(draft, name)
  moveUnbegun(draft, step, 'PENDING')
  step.status = 'PENDING'
  step.endedAt = null
}

/** Its work is done; only where it leads is decided again. */
function leadOnAgain(draft: Draft, name: string): void {
  const step = writableStep(draft, name)
  step.status = 'COMPLETED'
  step.error = null
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function reopenElement(draft: Draft, step: StepView, index: number): void {
  const element = writableElement(draft, step, index)
  const failedPage = element.error?.page
  if (typeof failedPage === 'number') {
    const page = writablePage(draft, element, failedPage, element.startedAt ?? 0)
    if (page.status === 'failed') page.status = 'waiting'
  }
  moveElement(draft, element, 'PENDING')
  element.error = null
  element.endedAt = null
  element.stopReason = null
}

/** Somebody did not want to wait: elements between two tries are due, until the next try says more. */
export function endWaits(draft: Draft, context: Record<string, unknown>): void {
  const [name, index] = [textOf(context, 'step'), numberOf(context, 'index')]
  for (const step of draft.view.steps.filter((each) => name === null || each.name === name)) {
    for (const element of step.elements) {
      if (element?.status !== 'WAITING' || (index !== null && element.index !== index)) continue
      writableElement(draft, writableStep(draft, step.name), element.index).nextAttemptAt = null
    }
  }
}
