import { DomainError } from '../../domain-error'

/** A template that can't be read or evaluated; `line` and `column` count from 1 inside the template's own text. */
export class TemplateError extends DomainError {
  readonly line: number
  readonly column: number
  /** The undefined name, when that is what's wrong. */
  readonly missing: string | null

  constructor(
    message: string,
    place: { line: number; column: number; missing?: string; hint?: string; cause?: unknown },
  ) {
    super('template', message, {
      places: [{ path: '', line: place.line, column: place.column, message }],
      ...(place.hint === undefined ? {} : { hint: place.hint }),
      cause: place.cause,
    })
    this.name = 'TemplateError'
    this.line = place.line
    this.column = place.column
    this.missing = place.missing ?? null
  }
}
