/** Resolves at SIGTERM or SIGINT, or when the supervisor that forked this process is gone (its IPC channel closes). */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
    process.once('disconnect', () => resolve())
  })
}
