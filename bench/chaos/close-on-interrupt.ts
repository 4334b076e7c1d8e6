const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Puts everything away on Ctrl-C as well, until the returned function is called. */
export function closeOnInterrupt(close: () => Promise<void>): () => void {
  const stop = (): void => void close().finally(() => process.exit(130))
  for (const signal of SIGNALS) process.once(signal, stop)
  return () => SIGNALS.forEach((signal) => process.off(signal, stop))
}
