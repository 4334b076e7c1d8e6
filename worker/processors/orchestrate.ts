import { orchestrateSoon } from '@/server/executions/orchestrate-soon'
import type { JobPayload } from '@/server/queue/jobs'

export const processOrchestrate = async ({ executionId }: JobPayload<'orchestrate'>): Promise<void> =>
  orchestrateSoon(executionId)
