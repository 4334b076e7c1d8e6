import { blockBudget, readPause, type Budget } from '../db/reserve-slots'
import { log } from '../log'

/** What other workers were told of a pause is known this much later at most. */
const LOOK_MS = 1_000

type Pauses = {
  /** Milliseconds of the pause that this process knows of; 0 without one. */
  leftMs(): number
  /** Takes in what the budget's row said just now. */
  note(pauseMs: number): void
  /** Looks at the row, unless that was done within the last second. */
  look(): Promise<void>
  /** Lets all workers know of a pause. */
  tell(pauseMs: number): void
  /** Resolves when what was told is in the row, or could not be written. */
  written(): Promise<void>
}

/** The pauses of a budget that an API asked for, as far as they are known here. */
export function createPauses(budget: Budget): Pauses {
  let pausedUntil = 0
  let lookedAt = -Infinity
  let looking: Promise<void> | null = null
  let writing = Promise.resolve()

  const note = (pauseMs: number): void => {
    lookedAt = performance.now()
    pausedUntil = Math.max(pausedUntil, lookedAt + pauseMs)
  }
  const readRow = async (): Promise<void> => {
    try {
      note(await readPause(budget))
    } finally {
      looking = null
    }
  }

  return {
    leftMs: () => Math.max(0, pausedUntil - performance.now()),
    note,
    async look() {
      if (performance.now() < Math.max(lookedAt + LOOK_MS, pausedUntil)) return
      looking ??= readRow()
      await looking
    },
    tell(pauseMs) {
      const until = performance.now() + pauseMs
      if (until <= pausedUntil) return
      pausedUntil = until
      const written = blockBudget(budget, pauseMs).catch((error: unknown) => {
        log().warn({ err: error }, 'a pause of a rate limit was not written')
      })
      writing = Promise.all([writing, written]).then(() => undefined)
    },
    written: () => writing,
  }
}
