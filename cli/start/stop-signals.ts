/** npm hands on the Ctrl-C that the terminal already gave us: two within this time are one. */
const SAME_PRESS_MS = 500

/**
 * Calls `onFirst` at the first Ctrl-C, SIGTERM or hang-up, and `onSecond` when a person asks again.
 * The process no longer ends by itself from then on.
 */
export function onStopSignals(onFirst: () => void, onSecond: () => void): void {
  let firstAt: number | null = null
  let forced = false
  const receive = (): void => {
    if (firstAt === null) {
      firstAt = performance.now()
      return onFirst()
    }
    if (forced || performance.now() - firstAt < SAME_PRESS_MS) return
    forced = true
    onSecond()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, receive)
}
