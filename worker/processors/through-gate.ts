import type { StorageGate } from '@/server/executions/storage-gate'

/** Works unless nothing can be saved: then the ticket is spent, and the sweeper writes it again when the gate is open. */
export async function throughGate(gate: StorageGate, work: () => Promise<void>): Promise<void> {
  if (gate.trouble() !== null) return
  try {
    await work()
  } catch (error) {
    gate.notice(error)
    throw error
  }
}
