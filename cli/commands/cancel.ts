import { runAnswerSchema } from '@/domain/api/executions'
import { callJson } from '../target/call-api'

/** Cancels an execution and what runs for it. */
export async function cancel(server: string, id: string): Promise<void> {
  const path = `/api/executions/${encodeURIComponent(id)}/cancel`
  await callJson(runAnswerSchema, { server, path, method: 'POST' })
  process.stdout.write(`Execution ${id} is cancelled; what it saved stays.\n`)
}
