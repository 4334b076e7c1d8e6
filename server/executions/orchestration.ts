import type { NewEvent } from '@/domain/execution/events'
import type { LoopCounts } from '@/domain/execution/loop-window'
import type { WorkflowState } from '@/domain/execution/workflow-state'
import type { Json } from '@/domain/json'
import type { Queryable } from '../db/pool'
import type { Run } from './load-run'
import type { Ticket } from './tickets'

/** One orchestration under the execution's row lock: what it knows, and what it has decided so far. */
export type Orchestration = {
  readonly client: Queryable
  readonly run: Run
  readonly execution: { path: string; version: number | null; trigger: Json }
  state: WorkflowState
  readonly counts: Map<string, LoopCounts>
  readonly events: NewEvent[]
  readonly tickets: Ticket[]
}
