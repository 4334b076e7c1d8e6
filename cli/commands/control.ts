import { runAnswerSchema } from '@/domain/api/executions'
import { callJson } from '../target/call-api'

const DONE = {
  cancel: 'is cancelled; what it saved stays',
  pause: 'is paused; pages in flight are still saved',
  resume: 'goes on',
} as const

/** Cancels, pauses or resumes an execution and what runs for it. */
export async function control(server: string, id: string, verb: keyof typeof DONE): Promise<void> {
  const path = `/api/executions/${encodeURIComponent(id)}/${verb}`
  await callJson(runAnswerSchema, { server, path, method: 'POST', body: {} })
  process.stdout.write(`Execution ${id} ${DONE[verb]}.\n`)
}
