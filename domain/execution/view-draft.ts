import {
  pendingElement,
  type ElementStatus,
  type ElementView,
  type ExecutionView,
  type PageView,
  type StepView,
  type ViewStats,
} from './view'

/** A view under change: whatever is in `owned` was copied for this batch and may be written to. */
export type Draft = { view: ExecutionView; owned: Set<object> }

/** Copies only the head; steps, elements and pages are copied when they are first written to. */
export function draftOf(view: ExecutionView): Draft {
  const copy = { ...view, stats: { ...view.stats }, steps: view.steps.slice(), expectations: view.expectations.slice() }
  return { view: copy, owned: new Set() }
}

/** The writable step of that name, added when it is new. */
export function writableStep(draft: Draft, name: string): StepView {
  const at = draft.view.steps.findIndex((step) => step.name === name)
  const found = at === -1 ? newStep(name) : draft.view.steps[at]
  if (found !== undefined && draft.owned.has(found)) return found
  const copy = found === undefined ? newStep(name) : { ...found, elements: found.elements.slice() }
  draft.owned.add(copy)
  draft.view.steps[at === -1 ? draft.view.steps.length : at] = copy
  return copy
}

/** The writable element at an index; one beyond the known collection raises the number of elements. */
export function writableElement(draft: Draft, step: StepView, index: number): ElementView {
  growElements(draft, step, index + 1)
  const found = step.elements[index] ?? pendingElement(step, index)
  if (draft.owned.has(found)) return found
  const copy = { ...found, pages: found.pages.slice(), tries: found.tries.slice() }
  draft.owned.add(copy)
  step.elements[index] = copy
  return copy
}

/** The writable page of an element; pages stay sorted by number although they may end in any order. */
export function writablePage(draft: Draft, element: ElementView, number: number, startedAt: number): PageView {
  const at = element.pages.findLastIndex((page) => page.page <= number)
  const found = element.pages[at]
  if (found?.page === number) {
    if (draft.owned.has(found)) return found
    const copy = { ...found, attempts: found.attempts.slice() }
    draft.owned.add(copy)
    element.pages[at] = copy
    return copy
  }
  const page = newPage(number, startedAt)
  draft.owned.add(page)
  element.pages.splice(at + 1, 0, page)
  return page
}

/** Makes room for elements that are known to exist and have not started. */
export function growElements(draft: Draft, step: StepView, size: number): void {
  const missing = size - step.elements.length
  if (missing <= 0) return
  for (let added = 0; added < missing; added += 1) step.elements.push(null)
  draft.view.stats.elements += missing
}

/** Changes an element's status and the counts that follow from it. */
export function moveElement(draft: Draft, element: ElementView, status: ElementStatus): void {
  count(draft.view.stats, element.status, -1)
  count(draft.view.stats, status, 1)
  element.status = status
}

/** Changes what the elements are that nothing has happened to, and the counts that follow from it. */
export function moveUnbegun(draft: Draft, step: StepView, status: StepView['unbegun']): void {
  const unbegun = step.elements.filter((element) => element === null).length
  count(draft.view.stats, step.unbegun, -unbegun)
  count(draft.view.stats, status, unbegun)
  step.unbegun = status
}

function count(stats: ViewStats, status: ElementStatus, by: number): void {
  switch (status) {
    case 'PENDING':
      return
    case 'RUNNING':
      stats.running += by
      return
    case 'WAITING':
      stats.waiting += by
      return
    case 'COMPLETED':
      stats.completed += by
      return
    case 'FAILED':
      stats.failed += by
      return
    case 'SKIPPED':
      stats.skipped += by
      return
    case 'CANCELLED':
      stats.cancelled += by
  }
}

const newStep = (name: string): StepView => ({
  name,
  tool: null,
  status: 'PENDING',
  iterator: null,
  elements: [],
  unbegun: 'PENDING',
  pages: 0,
  items: 0,
  retries: 0,
  sink: null,
  error: null,
  startedAt: null,
  endedAt: null,
})

const newPage = (page: number, startedAt: number): PageView => ({
  page,
  status: 'waiting',
  attempts: [],
  startedAt,
  endedAt: startedAt,
  durationMs: 0,
  waitedMs: 0,
  httpStatus: null,
  items: 0,
  bytes: 0,
  more: null,
})
