/** What the row of a step counts of its iterations; kept by increments, so reading it costs the same for any size. */
export type LoopCounts = {
  /** Elements after analysis; null while the collection was not analysed yet. */
  size: number | null
  concurrency: number
  /** Iterations handed to the queue so far: indexes 0 … released-1. */
  released: number
  completed: number
  failed: number
  /** Never begun, because another one had failed; none of them was ever released. */
  skipped: number
  /** Of the released: opened again by a retry and not handed out yet. */
  queued: number
  /** Status of the closing iteration; null as long as there is none. */
  closing: string | null
}

export type LoopMove =
  | { do: 'rest' }
  /** Hand indexes `from` … `to`-1 to the queue. */
  | { do: 'release'; from: number; to: number }
  /** Hand out as many of those a retry opened again. */
  | { do: 'requeue'; count: number }
  | { do: 'complete' }
  /** `unreleased`: iterations that will never run. */
  | { do: 'fail'; unreleased: number }

/**
 * A window, not a flood: `concurrency` elements are out, and one more as each ends. The first failure closes the window
 * unless `onFailure` is `continue`; what somebody asked to be tried again is handed out all the same, and first. A loop of
 * which only some elements were opened again fails with the others left out: it has not everything it is for.
 */
export function nextLoopMove(counts: LoopCounts, onFailure: 'fail' | 'continue'): LoopMove {
  const { size, concurrency, released, completed, failed, skipped, queued } = counts
  if (size === null) return { do: 'rest' }
  const running = Math.max(0, released - completed - failed - queued)
  if (queued > 0) {
    const count = Math.min(queued, concurrency - running)
    return count > 0 ? { do: 'requeue', count } : { do: 'rest' }
  }
  if (skipped > 0 || (failed > 0 && onFailure === 'fail')) {
    return running > 0 ? { do: 'rest' } : { do: 'fail', unreleased: size - released - skipped }
  }
  const room = Math.min(size - released, concurrency - running)
  if (room > 0) return { do: 'release', from: released, to: released + room }
  return running === 0 && released === size ? { do: 'complete' } : { do: 'rest' }
}
