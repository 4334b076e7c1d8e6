/** Every refusal Pageturner can give. The edge maps a code to an HTTP status and a title, once (`server/problem.ts`). */
export type DomainErrorCode =
  | 'invalid_playbook'
  | 'invalid_request'
  | 'not_found'
  | 'conflict'
  | 'forbidden'
  | 'template'
  | 'missing_secret'
  | 'collection_invalid'
  | 'statement_refused'
  | 'unavailable'
  /** A registered database, not our own. */
  | 'database_unreachable'
  /** It answers, and can't save anything now: full, read-only, out of memory. */
  | 'database_cannot_save'

export type ErrorPlace = { path: string; line?: number; column?: number; message: string }

/** The message says what was tried, on what, and what came back; it never holds a secret. */
export class DomainError extends Error {
  readonly code: DomainErrorCode
  readonly places: readonly ErrorPlace[]
  readonly hint: string | null

  constructor(
    code: DomainErrorCode,
    message: string,
    options: { places?: readonly ErrorPlace[]; hint?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'DomainError'
    this.code = code
    this.places = options.places ?? []
    this.hint = options.hint ?? null
  }
}
