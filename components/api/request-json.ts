import type { z } from 'zod'
import { problemSchema, type Problem } from '@/domain/api/problem'

/** An answer that was refused, or no answer at all; always in words a person can act on. */
export class RequestFailed extends Error {
  readonly problem: Problem

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options)
    this.name = 'RequestFailed'
    this.problem = problem
  }
}

type Options = { method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; body?: unknown; signal?: AbortSignal }

/** Asks our own API and checks the answer. @throws RequestFailed */
export async function requestJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  { method = 'GET', body, signal }: Options = {},
): Promise<z.output<Schema>> {
  const response = await send(path, {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  })
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok) throw new RequestFailed(problemOf(path, response.status, answer))
  const parsed = schema.safeParse(answer)
  if (!parsed.success) throw new RequestFailed(unreadable(path, response.status), { cause: parsed.error })
  return parsed.data
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new RequestFailed(UNREACHABLE, { cause })
  }
}

function problemOf(path: string, status: number, answer: unknown): Problem {
  const parsed = problemSchema.safeParse(answer)
  return parsed.success ? parsed.data : unreadable(path, status)
}

const UNREACHABLE: Problem = {
  type: 'about:blank',
  title: 'The server cannot be reached',
  status: 0,
  detail: 'Pageturner did not answer. What has been saved is safe.',
  code: 'unavailable',
  hint: 'Look at the terminal where it was started; this page goes on by itself once it is back.',
  errors: [],
}

const unreadable = (path: string, status: number): Problem => ({
  type: 'about:blank',
  title: 'The answer makes no sense',
  status,
  detail: `${path} answered ${status} with something this page cannot read.`,
  code: 'unavailable',
  hint: 'Reload the page: it may be older than the server.',
  errors: [],
})
