import { CUT } from '../cut-text'
import { DomainError } from '../domain-error'
import type { ErrorFacts } from './events'

/** PostgreSQL says all of a value it does not like. The facts of an error are part of several events, and have to fit. */
const MAX_CHARACTERS = 2_000

/** What a person is told of an error that was thrown. A DomainError's code is its kind; anything else is a fault of ours and says so. */
export function errorFactsOf(error: unknown): ErrorFacts {
  if (error instanceof DomainError) {
    const place = error.places[0]
    return {
      kind: error.code,
      message: shortened(error.message),
      ...(place?.line !== undefined && { line: place.line }),
      ...(place?.column !== undefined && { column: place.column }),
      ...(error.hint !== null && { hint: shortened(error.hint) }),
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { kind: 'internal', message: `Something went wrong inside Pageturner: ${shortened(message)}` }
}

function shortened(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text
  const end = text.slice(-MAX_CHARACTERS / 10)
  return `${text.slice(0, MAX_CHARACTERS - end.length)} ${CUT} ${end}`
}
