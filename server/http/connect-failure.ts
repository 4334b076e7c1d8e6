import type { NoResponseKind } from '@/domain/http-message'

/** Why no connection was made, said for a person. Its code is ours, so that undici never takes it for an error to reconnect after. */
export class ConnectFailure extends Error {
  readonly failure: NoResponseKind
  readonly code: string

  constructor(failure: NoResponseKind, code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ConnectFailure'
    this.failure = failure
    this.code = code
  }
}
