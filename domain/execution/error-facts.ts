import { DomainError } from '../domain-error'
import type { ErrorFacts } from './events'

/** What a person is told of an error that was thrown. A DomainError's code is its kind; anything else is a fault of ours and says so. */
export function errorFactsOf(error: unknown): ErrorFacts {
  if (error instanceof DomainError) {
    const place = error.places[0]
    return {
      kind: error.code,
      message: error.message,
      ...(place?.line !== undefined && { line: place.line }),
      ...(place?.column !== undefined && { column: place.column }),
      ...(error.hint !== null && { hint: error.hint }),
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { kind: 'internal', message: `Something went wrong inside Pageturner: ${message}` }
}
