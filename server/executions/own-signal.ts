import { onAbort } from '../http/on-abort'

/**
 * A signal that aborts with the first of these, until it is released. AbortSignal.any would leave a trace in each of them,
 * and a worker's own signals live for as long as the worker.
 */
export function ownSignal(of: readonly AbortSignal[]): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController()
  const stops = of.map((signal) => onAbort(signal, () => controller.abort(signal.reason)))
  const aborted = of.find((signal) => signal.aborted)
  if (aborted !== undefined) controller.abort(aborted.reason)
  return { signal: controller.signal, release: () => stops.forEach((stop) => stop()) }
}
