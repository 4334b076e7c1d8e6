import type { DueDecision } from '@/domain/schedule/decide-due'
import type { Queryable } from '../db/pool'
import { insertExecution } from '../executions/start-execution'
import type { Ticket } from '../executions/tickets'
import type { ScheduledSource } from './find-scheduled-source'
import { keepDecision } from './keep-decision'
import type { ScheduleRow } from './schedule-row'

type Due = {
  schedule: ScheduleRow
  source: ScheduledSource
  decision: Omit<DueDecision, 'reason'> & { reason: Reason }
}
type Reason = DueDecision['reason'] | 'asked'

/** Starts the execution of a due time inside the caller's transaction. A playbook that can't run any more is written down as that. */
export async function startDue(client: Queryable, { schedule, source, decision }: Due): Promise<Ticket[]> {
  const { schedule_id: id, path, workload } = schedule
  const kept = { dueAt: decision.dueAt, reason: decision.reason, covers: decision.covers, detail: decision.detail }
  if ('problem' in source) {
    const invalid = { ...kept, status: 'FAILED', reason: 'invalid', detail: source.problem, executionId: null } as const
    await keepDecision(client, id, invalid)
    return []
  }
  const dueAt = decision.dueAt.toISOString()
  const started = await insertExecution(
    client,
    {
      path,
      workload,
      trigger: {
        type: 'schedule',
        schedule_id: id,
        due_at: dueAt,
        ...(decision.reason !== null && { reason: decision.reason }),
      },
      idempotencyKey: `schedule:${id}:${dueAt}`,
    },
    source.source,
  )
  await keepDecision(client, id, { ...kept, status: 'STARTED', executionId: started.executionId })
  return [{ name: 'orchestrate', payload: { executionId: started.executionId, seq: 0 } }]
}
