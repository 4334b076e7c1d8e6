import { z } from 'zod'
import type { Problem } from '@/domain/api/problem'
import { DomainError, type DomainErrorCode, type ErrorPlace } from '@/domain/domain-error'
import { storageTroubleIn } from './db/check-storage'
import { log } from './log'

/** Refusals only the edge knows, besides those of the domain. */
export type ProblemCode =
  | DomainErrorCode
  | 'bad_request'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'too_many_requests'
  | 'unsupported_media_type'
  | 'internal'

const PROBLEMS: Record<ProblemCode, { status: number; title: string }> = {
  bad_request: { status: 400, title: 'The request cannot be read' },
  invalid_request: { status: 422, title: 'The request is not valid' },
  invalid_playbook: { status: 422, title: 'The playbook is not valid' },
  template: { status: 422, title: 'A template cannot be evaluated' },
  missing_secret: { status: 422, title: 'A secret is missing' },
  collection_invalid: { status: 422, title: 'The collection is not valid' },
  statement_refused: { status: 422, title: 'The statement was refused' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'It conflicts with what is there' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something broke on the server' },
  database_unreachable: { status: 502, title: 'A registered database cannot be reached' },
  database_cannot_save: { status: 502, title: 'A registered database can save nothing' },
  unavailable: { status: 503, title: 'Not available right now' },
}

type Refusal = {
  code: ProblemCode
  detail: string
  places?: readonly ErrorPlace[]
  hint?: string | null
  headers?: Record<string, string>
  /** Members of the problem document beyond RFC 9457's own. */
  more?: Record<string, unknown>
}

/** A refusal as an RFC 9457 answer. */
export function problemResponse({ code, detail, places = [], hint, headers, more }: Refusal): Response {
  const { status, title } = PROBLEMS[code]
  const problem: Problem = {
    type: `urn:pageturner:problem:${code}`,
    title,
    status,
    detail,
    code,
    ...(hint ? { hint } : {}),
    errors: places.map(({ path, line, column, message }) => ({
      path,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      message,
    })),
  }
  return Response.json(
    { ...problem, ...more },
    { status, headers: { ...headers, 'content-type': 'application/problem+json' } },
  )
}

/** A refusal of the edge that a function called by a route throws. */
export class RequestRefused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.detail)
    this.name = 'RequestRefused'
    this.refusal = refusal
  }
}

const RETRY_AFTER_SECONDS = '10'

/** Whatever a route threw, as an answer; what nobody expected is logged and answered without its details. */
export function problemOf(error: unknown): Response {
  if (error instanceof RequestRefused) return problemResponse(error.refusal)
  if (isDomainError(error)) {
    return problemResponse({ code: error.code, detail: error.message, places: error.places, hint: error.hint })
  }
  if (error instanceof z.ZodError) return problemResponse(refusalOfIssues(error))
  const trouble = storageTroubleIn(error)
  if (trouble !== null) {
    log().warn({ err: error }, 'the database saved nothing for a request')
    const headers = { 'retry-after': RETRY_AFTER_SECONDS }
    return problemResponse({ code: 'unavailable', detail: trouble.message, hint: trouble.hint, headers })
  }
  if (isConnectionLost(error)) {
    log().warn({ err: error }, 'the database did not answer a request')
    return problemResponse({ code: 'unavailable', detail: 'The database does not answer; try again in a moment.' })
  }
  log().error({ err: error }, 'a request failed')
  return problemResponse({
    code: 'internal',
    detail: 'The request failed unexpectedly; the log of the server says why.',
  })
}

/** What a schema found wrong, each with its place as a dotted path. */
export function refusalOfIssues(error: z.ZodError): Refusal {
  const places = error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
  return {
    code: 'invalid_request',
    detail: places.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
    places,
  }
}

/** By name as well, because a bundler may load the class twice. */
const isDomainError = (error: unknown): error is DomainError =>
  error instanceof DomainError || (error instanceof Error && error.name === 'DomainError' && 'places' in error)

const CONNECTION_CODES = /^(?:ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|08|57P0|53300|P1001|P1008|P1017|P2037)/
/** What comes without a code: from the pool, and from Prisma, which keeps PostgreSQL's in the message. */
const CONNECTION_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Code: `(?:08|57P0|53300)/

function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && CONNECTION_CODES.test(error.code)) return true
  if (error instanceof AggregateError) return error.errors.some(isConnectionLost)
  return CONNECTION_MESSAGES.test(error.message)
}
