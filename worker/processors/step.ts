import { orchestrateSoon } from '@/server/executions/orchestrate-soon'
import { runStep } from '@/server/executions/run-step'
import type { JobPayload } from '@/server/queue/jobs'

/** Prepares a step; the orchestrator, in this same process, then hands out its elements. */
export async function processStep(job: JobPayload<'step'>): Promise<void> {
  await runStep(job)
  await orchestrateSoon(job.executionId)
}
