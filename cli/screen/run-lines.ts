import { type ElementView, type ExecutionView, type PageView, type StepView } from '@/domain/execution/view'

/**
 * What a terminal shows of an execution: a line a step, a bar a line for its elements, the totals. At most `height` lines;
 * in a narrow one, labels and bars leave room for what they are about.
 */
export function runLines(view: ExecutionView, { height, width }: { height: number; width: number }): string[] {
  const loops = view.steps.filter((step) => step.elements.length > 0)
  const room = Math.max(2, height - loops.length * 2 - 2)
  const cells = cellsOf(width)
  const lines = loops.flatMap((step) => stepLines(step, Math.max(1, Math.floor(room / loops.length)), cells))
  return [...lines, `${view.status === 'PAUSED' ? 'paused · ' : ''}${totalsLine(view)}`]
}

type Cells = { label: number; bar: number }

const WIDEST: Cells = { label: 18, bar: 24 }
/** What stands beside label and bar: `12 pages · 1,204 items · 2 retries`, and the ends of it. */
const FACTS = 40

function cellsOf(width: number): Cells {
  const label = Math.max(8, Math.min(WIDEST.label, Math.floor(width / 4)))
  return { label, bar: Math.max(4, Math.min(WIDEST.bar, width - label - FACTS)) }
}

function stepLines(step: StepView, room: number, cells: Cells): string[] {
  const elements = step.elements.filter((element) => element !== null)
  const shown = elements.length <= room ? elements : mostTelling(elements, room)
  const size = step.iterator?.collectionSize ?? step.elements.length
  const hidden = size - shown.length
  return [
    `${step.name}  ${size} ${size === 1 ? 'element' : 'elements'}`,
    ...shown.map((element) => elementLine(element, cells)),
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
export function elementLine(element: ElementView, cells = WIDEST): string {
  const pages = element.pages.filter((page) => page.status === 'ok').length
  const facts = [countOf(pages, 'page', 'pages'), countOf(element.items, 'item', 'items')]
  if (element.retries > 0) facts.push(countOf(element.retries, 'retry', 'retries'))
  return `  ${labelOf(element, cells.label)} ${barOf(element.pages, cells.bar)} ${facts.join(' · ')}  ${endOf(element)}`
}

const labelOf = ({ label }: ElementView, cells: number): string =>
  (label.length > cells ? `${label.slice(0, cells - 1)}…` : label).padEnd(cells)

/** A cell a page while they fit, then the latest pages. */
function barOf(pages: readonly PageView[], cells: number): string {
  const CELLS = { ok: '█', waiting: '░', failed: '×' } as const
  return pages
    .slice(-cells)
    .map((page) => CELLS[page.status])
    .join('')
    .padEnd(Math.min(cells, 12))
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
