import type { z } from 'zod'

import { problemSchema } from '@/domain/api/problem'
import { PlainError } from '../prepare/plain-error.mjs'

export type ApiCall = {
  server: string
  path: string
  method?: 'POST' | 'GET' | 'PATCH' | 'DELETE' | 'PUT'
  body?: unknown
  yaml?: string
  accept?: string
}

/** Calls the server's API and returns the answer. Throws a PlainError with what the server said, line and column included. */
export async function callApi({ server, path, method = 'GET', body, yaml, accept }: ApiCall): Promise<Response> {
  const url = new URL(path, server)
  const answer = await send(url, {
    method,
    headers: { accept: accept ?? 'application/json', ...contentType(body, yaml) },
    ...(body === undefined && yaml === undefined ? {} : { body: yaml ?? JSON.stringify(body) }),
  })
  if (answer.ok) return answer
  throw new PlainError(describeProblem(answer.status, url, await answer.text()))
}

/** The same for an answer in JSON, checked against its schema. */
export async function callJson<T>(schema: z.ZodType<T>, call: ApiCall): Promise<T> {
  const answer: unknown = await (await callApi(call)).json()
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  throw new PlainError(
    `${call.server}${call.path} gave an answer that this command does not understand: ${parsed.error.message}`,
    'The server may be of another version than this command.',
  )
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
    throw new PlainError(
      `No Pageturner answers at ${url.origin}${reason === '' ? '' : ` (${reason})`}.`,
      'Start it with npm start, name another with --server, or add --embedded to run without one.',
    )
  }
}

function contentType(body: unknown, yaml: string | undefined): Record<string, string> {
  if (yaml !== undefined) return { 'content-type': 'text/yaml' }
  return body === undefined ? {} : { 'content-type': 'application/json' }
}

function describeProblem(status: number, url: URL, text: string): string {
  const problem = problemSchema.safeParse(parseJson(text))
  if (!problem.success) return `${url} answered ${status}: ${text.slice(0, 500)}`
  const { detail, hint, errors } = problem.data
  const places = errors.map(
    ({ path, line, column, message }) => `  ${line === undefined ? path : `${line}:${column ?? 1}`}: ${message}`,
  )
  return [detail, ...places, hint].filter((line) => line !== undefined && line !== '').join('\n')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
