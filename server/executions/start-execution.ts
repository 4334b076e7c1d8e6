import type { JsonObject } from '@/domain/json'

export type StartExecution = {
  /** A registered playbook; with `content` this text is run instead, exactly as given. */
  path?: string
  version?: number
  content?: string
  /** Overrides keys of the playbook's own workload. */
  workload?: JsonObject
  /** Who or what asked: `{type: 'api' | 'web' | 'cli' | 'schedule' | 'playbook', …}`. */
  trigger: JsonObject
  idempotencyKey?: string
}

export type StartedExecution = { executionId: string; status: string; created: boolean }

/** Puts an execution on record and hands it to the workers. Throws DomainError: `invalid_playbook` with places, `not_found`, `invalid_request`. */
export async function startExecution(_request: StartExecution): Promise<StartedExecution> {
  throw new Error('not there yet')
}
