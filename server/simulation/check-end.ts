import { elementAt, emptyView, type ExecutionView } from '@/domain/execution/view'
import { applyEvents } from '@/domain/execution/view-fold'
import { checkPages } from './check-pages'
import type { ExecutionRow, IterationRow } from './model/rows'
import type { World } from './world'

/** What must be true of every run that has come to its end. */
export function checkAtEnd(world: World, watched: ExecutionView): void {
  checkPages(world)
  checkLog(world)
  checkBeginnings(world)
  checkView(world)
  const late = applyEvents(emptyView(world.db.execution.run.executionId), world.db.execution.events)
  if (JSON.stringify(late) !== JSON.stringify(watched))
    world.witness.broken('P5', 'who watched from the start sees something else than who comes now')
}

/** P4 and P9: numbers without a gap, in order of time; after a terminal event nothing but a retry. */
function checkLog({ db, witness }: World): void {
  const { events, lastSeq } = db.execution
  events.forEach(({ seq }, place) => {
    if (seq !== place + 1) witness.broken('P4', `event ${place + 1} has seq ${seq}`)
  })
  if (events.length !== lastSeq) witness.broken('P4', `${events.length} events, but last_seq is ${lastSeq}`)
  events.forEach(({ event_type: type, seq }, place) => {
    const before = events[place - 1]?.event_type
    if (
      (before === 'playbook_cancelled' || before === 'playbook_completed' || before === 'playbook_failed') &&
      type !== 'playbook_resumed'
    )
      witness.broken('P9', `${type} (seq ${seq}) was written after ${before}`)
  })
}

/** P4: of an element that begins, or goes on after a retry, this is told once, however many workers had it. */
function checkBeginnings({ db, witness }: World): void {
  let begun = new Set<string>()
  for (const { event_type: type, context, node_name: step, iteration_index: index, seq } of db.execution.events) {
    if (type === 'playbook_resumed' && context['reason'] === 'retry') begun = new Set()
    if (type !== 'iteration_started') continue
    const name = `${step}/${index}`
    if (begun.has(name)) witness.broken('P4', `iteration_started of ${name} was told twice (seq ${seq})`)
    begun.add(name)
  }
}

/** P5: what a reader who comes late sees of a run that has ended, for now or for good, is what the tables hold. */
export function checkView({ db, witness }: World): void {
  const { execution } = db
  const late = applyEvents(emptyView(execution.run.executionId), execution.events)
  for (const step of execution.steps) {
    const shown = late.steps.find(({ name }) => name === step.step)
    for (const row of step.iterations) {
      const element = shown === undefined || row.index < 0 ? null : elementAt(shown, row.index)
      if (element === null) {
        if (row.pages > 0 || row.status === 'COMPLETED' || row.status === 'FAILED')
          witness.broken('P5', `element ${row.index} of ${step.step} is ${row.status} and not shown`)
        continue
      }
      const isDone = row.status === 'COMPLETED' || row.status === 'FAILED'
      const seen = [
        element.status,
        element.pages.filter(({ status }) => status === 'ok').length,
        element.items,
        element.retries,
        isDone ? element.warnings.length : 0,
      ]
      const stored = [row.status, row.pages, row.items, row.retries, isDone ? row.warnings.length : 0]
      if (seen.join() !== stored.join())
        witness.broken(
          'P5',
          `element ${row.index} of ${step.step} is shown as ${seen.join()} and stored as ${stored.join()}`,
        )
    }
  }
  if (late.stats.failed !== execution.failed)
    witness.broken('P5', `${late.stats.failed} elements are shown as failed, ${execution.failed} are`)
  const counted = countersOf(execution)
  if (counted !== null) witness.broken('P5', counted)
}

/** Counters are kept by increments; here they are counted anew. */
function countersOf(execution: ExecutionRow): string | null {
  for (const step of execution.steps.filter(({ tool }) => tool !== null)) {
    const count = (status: IterationRow['status']): number =>
      step.iterations.filter((row) => row.status === status).length
    const kept = [step.completed, step.failed, step.pages]
    const anew = [
      count('COMPLETED'),
      count('FAILED'),
      execution.pageRows.filter((page) => page.step === step.step).length,
    ]
    if (kept.join() !== anew.join()) return `${step.step} counts ${kept.join()}, there are ${anew.join()}`
  }
  return null
}
