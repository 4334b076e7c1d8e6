import { orchestrate } from './orchestrate'

const running = new Map<string, { current: Promise<void>; next: Promise<void> | null }>()

/**
 * Orchestrates in this process without a ticket. Calls that come while one is at work share one more turn after it, so
 * that a hundred elements ending together cost two turns and not a hundred.
 */
export async function orchestrateSoon(executionId: string): Promise<void> {
  const known = running.get(executionId)
  if (known === undefined) return turn(executionId)
  known.next ??= known.current.catch(() => undefined).then(async () => turn(executionId))
  return known.next
}

async function turn(executionId: string): Promise<void> {
  const entry = { current: orchestrate(executionId), next: null }
  running.set(executionId, entry)
  try {
    await entry.current
  } finally {
    if (running.get(executionId) === entry) running.delete(executionId)
  }
}
