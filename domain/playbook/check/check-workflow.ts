import { didYouMean } from '../nearest'
import type { PlaybookSource } from '../schema'
import { pointerOf } from '../text/json-pointer'
import type { Reporter } from '../text/reporter'

/** Names that mean something else in templates. */
const RESERVED: ReadonlySet<string> = new Set([
  'workload',
  'secret',
  'env',
  'execution_id',
  'response',
  'http',
  'error',
  'result',
  'this',
  'item',
  '_loop',
  'loop',
])

/** What a loop would hide from the templates of its step if its element were called so. */
const ALWAYS: ReadonlySet<string> = new Set(['workload', 'secret', 'env', 'execution_id', '_loop'])

type Workflow = PlaybookSource['workflow']

/** Reports names used twice or taken, steps that don't exist, a missing start, what comes after end, steps out of reach, and cycles. */
export function checkWorkflow(workflow: Workflow, report: Reporter): void {
  const indexes = new Map<string, number>()
  workflow.forEach((source, index) => {
    const { step, next = [] } = source
    const pointer = pointerOf(['workflow', index, 'step'])
    const first = indexes.get(step)
    if (first === undefined) indexes.set(step, index)
    else
      report.value(
        { code: 'duplicate_step', message: `there is already a step \`${step}\``, hint: `It is number ${first + 1}.` },
        pointer,
      )
    if (RESERVED.has(step))
      report.value({ code: 'reserved_name', message: `\`${step}\` means something else in templates` }, pointer)
    if (source.tool !== undefined && source.loop !== undefined && ALWAYS.has(source.loop.element)) {
      const message = `\`${source.loop.element}\` means something else in templates`
      report.value({ code: 'reserved_name', message }, pointerOf(['workflow', index, 'loop', 'element']))
    }
    if (step === 'end' && next.length > 0) {
      const message = 'a workflow ends at `end`, so nothing can come after it'
      report.key(
        { code: 'conflict', message, hint: 'Give this step another name.' },
        pointerOf(['workflow', index, 'next']),
      )
    }
  })
  checkNext(workflow, indexes, report)
  if (!indexes.has('start')) {
    const hint = didYouMean('start', [...indexes.keys()])
    const finding = { code: 'no_start', message: 'no step is called `start`, where a workflow begins' }
    return report.key(hint === null ? finding : { ...finding, hint }, '/workflow')
  }
  const { reached, cycle } = walk(workflow, indexes)
  if (cycle !== null) {
    const pointer = pointerOf(['workflow', cycle.step, 'next', cycle.entry, 'step'])
    const message = `this leads back to \`${workflow[cycle.back]?.step ?? ''}\`: a workflow may not go in circles`
    report.value({ code: 'cycle', message, hint: 'Use loop or paginate to repeat something.' }, pointer)
  }
  workflow.forEach(({ step }, index) => {
    if (reached.has(index)) return
    const finding = { code: 'unreachable_step', severity: 'warning', message: `nothing leads to \`${step}\`` } as const
    report.value(finding, pointerOf(['workflow', index, 'step']))
  })
}

function checkNext(workflow: Workflow, indexes: ReadonlyMap<string, number>, report: Reporter): void {
  workflow.forEach(({ next = [] }, index) => {
    next.forEach((entry, position) => {
      const pointer = pointerOf(['workflow', index, 'next', position])
      if (!indexes.has(entry.step)) {
        const hint =
          entry.step === 'end'
            ? 'Add the step `- step: end`, or leave this out: a workflow ends where nothing follows.'
            : didYouMean(entry.step, [...indexes.keys()])
        const finding = { code: 'unknown_step', message: `there is no step \`${entry.step}\`` }
        report.value(hint === null ? finding : { ...finding, hint }, `${pointer}/step`)
      }
      if (entry.else !== true) return
      if (entry.when !== undefined) {
        report.key({ code: 'conflict', message: '`else` and `when` exclude each other' }, `${pointer}/else`)
      } else if (next.some((other) => other.else === undefined && other.when === undefined)) {
        const message = 'this is never taken: an entry beside it has no `when`, and is taken always'
        const hint = 'Give the others a `when`, or leave `else` out.'
        report.key({ code: 'never_taken', severity: 'warning', message, hint }, `${pointer}/else`)
      }
    })
  })
}

type Cycle = { step: number; entry: number; back: number }

function walk(workflow: Workflow, indexes: ReadonlyMap<string, number>): { reached: Set<number>; cycle: Cycle | null } {
  const reached = new Set<number>()
  const finished = new Set<number>()
  let cycle: Cycle | null = null
  // Depth first with a stack of its own: a workflow may be a chain of thousands.
  const open: { index: number; entry: number }[] = [{ index: indexes.get('start') ?? 0, entry: 0 }]
  reached.add(indexes.get('start') ?? 0)
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const next = workflow[top.index]?.next?.[top.entry]
    if (next === undefined) {
      finished.add(top.index)
      open.pop()
      continue
    }
    const target = indexes.get(next.step)
    if (target !== undefined && reached.has(target) && !finished.has(target)) {
      cycle ??= { step: top.index, entry: top.entry, back: target }
    } else if (target !== undefined && !reached.has(target)) {
      reached.add(target)
      open.push({ index: target, entry: 0 })
    }
    top.entry += 1
  }
  return { reached, cycle }
}
