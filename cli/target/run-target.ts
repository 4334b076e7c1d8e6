import type { ExecutionEvent } from '@/domain/execution/events'
import type { ExecutionView } from '@/domain/execution/view'
import type { JsonObject } from '@/domain/json'

export const EXPORT_FORMATS = ['csv', 'json', 'ndjson', 'parquet'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** A registered playbook, in its newest version when none is named. */
export type ChosenPlaybook = { path: string; version?: number }

/** Where a command's playbooks run: a server reached by HTTP, or everything inside this command (`--embedded`). */
export type RunTarget = {
  /** `of`: the file of the text, for what is wrong in it. */
  register(content: string, of: string): Promise<ChosenPlaybook>
  /** The new execution's id. */
  run(request: ChosenPlaybook & { workload: JsonObject }): Promise<string>
  /** Events with a seq above `after`, as they happen, up to the one that ends the execution. Resumes by itself. */
  follow(id: string, after: number): AsyncIterable<ExecutionEvent>
  view(id: string): Promise<ExecutionView>
  results(id: string, format: ExportFormat): Promise<AsyncIterable<Uint8Array>>
  /** What keeps executions from beginning, as a sentence; null where nothing is known of it. */
  whyNothing(): Promise<string | null>
  /** What becomes of an execution that goes on when the command ends before it. */
  afterLeaving(id: string): string
  /** Where a person can look at the execution; null where nothing is served. */
  pageOf(id: string): string | null
}
