type Listening = { callbacks: Set<() => void>; stop: () => void }

const listening = new WeakMap<AbortSignal, Listening>()

/**
 * Calls back when the signal aborts, until the returned function is called. One listener for all: many requests share the
 * signal of a run. It goes with the last of them: a listener keeps a signal made by AbortSignal.any, and all it knows,
 * for as long as the signals that it was made of.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const { callbacks, stop } = listening.get(signal) ?? listenTo(signal)
  callbacks.add(callback)
  return () => {
    callbacks.delete(callback)
    if (callbacks.size === 0) stop()
  }
}

function listenTo(signal: AbortSignal): Listening {
  const callbacks = new Set<() => void>()
  const tell = (): void => callbacks.forEach((callback) => callback())
  const stop = (): void => {
    listening.delete(signal)
    signal.removeEventListener('abort', tell)
  }
  const made = { callbacks, stop }
  listening.set(signal, made)
  signal.addEventListener('abort', tell, { once: true })
  return made
}
