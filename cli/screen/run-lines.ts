import { type ElementView, type ExecutionView, type PageView, type StepView } from '@/domain/execution/view'

const BAR_CELLS = 24
const LABEL_CELLS = 18

/** What a terminal shows of an execution: a line a step, a bar a line for its elements, the totals. At most `height` lines. */
export function runLines(view: ExecutionView, height: number): string[] {
  const loops = view.steps.filter((step) => step.elements.length > 0)
  const room = Math.max(2, height - loops.length * 2 - 2)
  const lines = loops.flatMap((step) => stepLines(step, Math.max(1, Math.floor(room / loops.length))))
  return [...lines, totalsLine(view)]
}

function stepLines(step: StepView, room: number): string[] {
  const elements = step.elements.filter((element) => element !== null)
  const shown = elements.length <= room ? elements : mostTelling(elements, room)
  const size = step.iterator?.collectionSize ?? step.elements.length
  const hidden = size - shown.length
  return [
    `${step.name}  ${size} ${size === 1 ? 'element' : 'elements'}`,
    ...shown.map(elementLine),
    ...(hidden > 0 ? [`  … and ${hidden} more`] : []),
  ]
}

/** Where not all fit: those that failed, then those at work, then the latest. */
function mostTelling(elements: readonly ElementView[], room: number): ElementView[] {
  const weight = ({ status }: ElementView): number => {
    if (status === 'FAILED') return 0
    return status === 'RUNNING' || status === 'WAITING' ? 1 : 2
  }
  return elements.toSorted((a, b) => weight(a) - weight(b) || b.index - a.index).slice(0, room)
}

/** `assessments   ████ 4 pages · 35 items · 1 retry  ✓ has_more_false` */
export function elementLine(element: ElementView): string {
  const pages = element.pages.filter((page) => page.status === 'ok').length
  const facts = [countOf(pages, 'page', 'pages'), countOf(element.items, 'item', 'items')]
  if (element.retries > 0) facts.push(countOf(element.retries, 'retry', 'retries'))
  return `  ${labelOf(element).padEnd(LABEL_CELLS)} ${barOf(element.pages)} ${facts.join(' · ')}  ${endOf(element)}`
}

function labelOf({ label }: ElementView): string {
  return label.length > LABEL_CELLS ? `${label.slice(0, LABEL_CELLS - 1)}…` : label
}

/** A cell a page while they fit, then the latest pages. */
function barOf(pages: readonly PageView[]): string {
  const CELLS = { ok: '█', waiting: '░', failed: '×' } as const
  return pages
    .slice(-BAR_CELLS)
    .map((page) => CELLS[page.status])
    .join('')
    .padEnd(Math.min(BAR_CELLS, 12))
}

function endOf(element: ElementView): string {
  switch (element.status) {
    case 'COMPLETED':
      return ['✓', element.stopReason, ...element.warnings.map((warning) => `⚠ ${warning.kind}`)]
        .filter(Boolean)
        .join(' ')
    case 'FAILED':
      return `✗ ${element.error?.message ?? 'failed'}`
    case 'WAITING':
      return '↻ waiting to try again'
    case 'RUNNING':
      return '▷'
    case 'PENDING':
    case 'SKIPPED':
    case 'CANCELLED':
      return element.status.toLowerCase()
  }
}

/** `2 of 2 elements · 7 pages · 70 items · 0 retries`, and what failed, was left out or cancelled where there is any. */
export function totalsLine({ stats }: ExecutionView): string {
  const ended = stats.completed + stats.failed
  const facts = [
    `${ended} of ${countOf(stats.elements, 'element', 'elements')}`,
    countOf(stats.pages, 'page', 'pages'),
    countOf(stats.items, 'item', 'items'),
    countOf(stats.retries, 'retry', 'retries'),
  ]
  if (stats.failed > 0) facts.push(`${stats.failed} failed`)
  if (stats.skipped > 0) facts.push(`${stats.skipped} left out`)
  if (stats.cancelled > 0) facts.push(`${stats.cancelled} cancelled`)
  return facts.join(' · ')
}

const countOf = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`
