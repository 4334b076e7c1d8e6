import type { ElementWorker } from '@/server/executions/element-work'
import { orchestrateSoon } from '@/server/executions/orchestrate-soon'
import { runElement } from '@/server/executions/run-element'
import type { StorageGate } from '@/server/executions/storage-gate'
import type { JobPayload } from '@/server/queue/jobs'
import { throughGate } from './through-gate'

/** Works on one iteration; when it has ended the orchestrator, in this same process, goes on. */
export const processElement =
  (worker: ElementWorker, gate: StorageGate): ((work: JobPayload<'element'>) => Promise<void>) =>
  async ({ executionId, step, index }: JobPayload<'element'>): Promise<void> =>
    throughGate(gate, async () => {
      if (await runElement({ executionId, step, index }, worker)) await orchestrateSoon(executionId)
    })
