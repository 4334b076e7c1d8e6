const listeners = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls back when the signal aborts, until the returned function is called. One listener for all: many requests share the signal of a run. */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = listeners.get(signal) ?? listenTo(signal)
  callbacks.add(callback)
  return () => callbacks.delete(callback)
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>()
  listeners.set(signal, callbacks)
  signal.addEventListener('abort', () => callbacks.forEach((callback) => callback()), { once: true })
  return callbacks
}
