type Planned = { at: number; order: number; act: (() => void) | null }

export type Scheduler = {
  /** Virtual milliseconds since the start. */
  now: () => number
  /** Plans an act; calling what it gives back drops it. */
  in: (ms: number, act: () => void) => () => void
  /** Lets time pass until `isOver`, or nothing is planned any more. Throws what an act throws. */
  run: (isOver: () => boolean) => Promise<void>
}

/**
 * A clock that jumps from one planned act to the next. Between two of them every promise that can go on goes on, so the
 * same acts always meet the same code in the same order.
 */
export function createScheduler(): Scheduler {
  const heap: Planned[] = []
  let now = 0
  let order = 0

  return {
    now: () => now,
    in(ms, act) {
      const planned: Planned = { at: now + Math.max(0, ms), order: order++, act }
      push(heap, planned)
      return () => {
        planned.act = null
      }
    },
    async run(isOver) {
      await settled()
      while (!isOver()) {
        const next = pop(heap)
        if (next === undefined) return
        if (next.act === null) continue
        now = Math.max(now, next.at)
        next.act()
        await settled()
      }
    },
  }
}

/** The event loop comes to its next phase only when no promise is left that could go on. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

const isBefore = (a: Planned, b: Planned): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

function push(heap: Planned[], planned: Planned): void {
  let at = heap.length
  heap.push(planned)
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (parent === undefined || !isBefore(planned, parent)) break
    heap[at] = parent
    at = above
  }
  heap[at] = planned
}

function pop(heap: Planned[]): Planned | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    const [a, b] = [heap[left], heap[left + 1]]
    if (a === undefined) break
    const [child, place] = b !== undefined && isBefore(b, a) ? [b, left + 1] : [a, left]
    if (!isBefore(child, last)) break
    heap[at] = child
    at = place
  }
  heap[at] = last
  return first
}
