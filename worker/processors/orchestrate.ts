import { orchestrateSoon } from '@/server/executions/orchestrate-soon'
import type { StorageGate } from '@/server/executions/storage-gate'
import type { JobPayload } from '@/server/queue/jobs'
import { throughGate } from './through-gate'

export const processOrchestrate =
  (gate: StorageGate) =>
  async ({ executionId }: JobPayload<'orchestrate'>): Promise<void> =>
    throughGate(gate, async () => orchestrateSoon(executionId))
