import { applyEvents } from '@/domain/execution/view-fold'
import { emptyView, isSettled, type ExecutionView } from '@/domain/execution/view'
import type { World } from './world'

export type Reader = { read: () => void; view: () => ExecutionView }

/** Somebody who watches: reads the log from a cursor at odd times, and folds it into what a screen shows (P5). */
export function createReader(world: World): Reader {
  const { db, draw, scheduler, witness } = world
  let view = emptyView(db.execution.run.executionId)

  const read = (): void => {
    const { execution } = db
    view = applyEvents(view, execution.events.slice(view.seq))
    if (view.seq !== execution.lastSeq)
      witness.broken('P4', `a reader is held up at seq ${view.seq}, the log is at ${execution.lastSeq}`)
    // Without a loop, that the element failed is told with the step.
    const isTold = isSettled(view.status)
    const { pages, items, retries, failed } = view.stats
    const shown = { status: view.status, pages, items, retries, ...(isTold && { failed }) }
    const stored = {
      status: execution.status,
      pages: execution.pages,
      items: execution.items,
      retries: execution.retries,
      ...(isTold && { failed: execution.failed }),
    }
    if (JSON.stringify(shown) !== JSON.stringify(stored))
      witness.broken('P5', `shown is ${JSON.stringify(shown)}, stored is ${JSON.stringify(stored)}`)
  }
  const readOn = (): void => {
    read()
    scheduler.in(draw.between(50, 4_000), readOn)
  }
  scheduler.in(draw.between(1, 500), readOn)
  return { read, view: () => view }
}
