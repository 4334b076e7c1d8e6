import { retryPreviewSchema, type RetryRequest } from '@/domain/api/control'
import { runAnswerSchema } from '@/domain/api/executions'
import { PlainError } from '../prepare/plain-error.mjs'
import { callJson } from '../target/call-api'

export type RetryOptions = { element?: string; step?: string }

/** Retries what failed in an execution, or one element of it, and says what that asks for. */
export async function retry(server: string, id: string, options: RetryOptions): Promise<void> {
  const body = requestOf(options)
  const path = `/api/executions/${encodeURIComponent(id)}/retry`
  const query = new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)]))
  const preview = await callJson(retryPreviewSchema, { server, path: `${path}?${query}` })
  await callJson(runAnswerSchema, { server, path, method: 'POST', body })
  const [elements, requests, kept] = [preview.elements, preview.at_least_requests, preview.pages_kept].map((count) =>
    count.toLocaleString('en'),
  )
  process.stdout.write(
    `Execution ${id} goes on: ${elements} elements, at least ${requests} requests, ${kept} pages kept.\n`,
  )
}

function requestOf({ element, step }: RetryOptions): RetryRequest {
  if (element === undefined) {
    if (step === undefined) return { scope: 'failed' }
    throw new PlainError('--step says which step has the element; name the element with --element.')
  }
  if (!/^\d{1,9}$/.test(element)) throw new PlainError(`"${element}" is not the index of an element.`)
  return { scope: 'iteration', index: Number(element), ...(step !== undefined && { step }) }
}
