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
  /** The file that is sent, for what the server says about it. */
  of?: string
  signal?: AbortSignal
}

/** Calls the server's API and returns the answer. Throws a PlainError with what the server said, line and column included. */
export async function callApi({
  server,
  path,
  method = 'GET',
  body,
  yaml,
  accept,
  of,
  signal,
}: ApiCall): Promise<Response> {
  const url = new URL(path, server)
  const answer = await send(url, {
    method,
    headers: { accept: accept ?? 'application/json', ...contentType(body, yaml) },
    ...(signal !== undefined && { signal }),
    ...(body === undefined && yaml === undefined ? {} : { body: yaml ?? JSON.stringify(body) }),
  })
  if (answer.ok) return answer
  throw await refusalOf(answer, of)
}

/** What an answer that is no success says, as an error for a person; `of` names the file that was sent. */
export async function refusalOf(answer: Response, of?: string): Promise<PlainError> {
  return new PlainError(describeProblem(answer, await answer.text(), of))
}

/** The same for an answer in JSON, checked against its schema. */
export async function callJson<T>(schema: z.ZodType<T>, call: ApiCall): Promise<T> {
  const answer = parseJson(await (await callApi(call)).text())
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  throw new PlainError(
    `${call.server}${call.path} gave an answer that this command does not understand${wrongPlace(parsed.error)}.`,
    'It may be no Pageturner, or one of another version than this command.',
  )
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
    throw new PlainError(
      `No Pageturner answers at ${url.origin}${reason === '' ? '' : ` (${reason})`}.`,
      'Start it with npm start, or name another with --server. A run with --embedded needs none.',
    )
  }
}

function contentType(body: unknown, yaml: string | undefined): Record<string, string> {
  if (yaml !== undefined) return { 'content-type': 'text/yaml' }
  return body === undefined ? {} : { 'content-type': 'application/json' }
}

function describeProblem({ status, url }: Response, text: string, of: string | undefined): string {
  const file = of === undefined ? '' : `${of}:`
  const problem = problemSchema.safeParse(parseJson(text))
  if (!problem.success) return `${url} answered ${status}: ${text.slice(0, 500)}`
  const { detail, hint, errors } = problem.data
  const inText = errors.filter(({ line }) => line !== undefined)
  // Of a text every place is told, as `validate` does; of anything else what the sentence does not say.
  const others = errors.filter(({ message }) => !detail.includes(message))
  const said =
    inText.length > 0
      ? inText.map(({ line, column, message }) => `${file}${line}:${column ?? 1}: ${message}`)
      : [`${file}${file === '' ? '' : ' '}${detail}`, ...others.map(({ path, message }) => `${path}: ${message}`), hint]
  return said.filter((line) => line !== undefined).join('\n')
}

function wrongPlace({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? '' : ` (${[...issue.path, issue.message].join(': ')})`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
