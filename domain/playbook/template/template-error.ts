import { DomainError } from '../../domain-error'
import type { Place } from './syntax'

/** A template that can't be read or evaluated; the place counts inside the template's own text, lines and columns from 1. */
export class TemplateError extends DomainError {
  readonly offset: number
  readonly line: number
  readonly column: number
  /** The undefined name, when that is what's wrong. */
  readonly missing: string | null

  constructor(message: string, place: Place, options: { missing?: string; hint?: string; cause?: unknown } = {}) {
    super('template', message, {
      places: [{ path: '', line: place.line, column: place.column, message }],
      ...(options.hint === undefined ? {} : { hint: options.hint }),
      cause: options.cause,
    })
    this.name = 'TemplateError'
    this.offset = place.offset
    this.line = place.line
    this.column = place.column
    this.missing = options.missing ?? null
  }
}

/** Runs what evaluates templates; a TemplateError it throws says `where` first, and keeps its place, name and hint. */
export function naming<T>(where: () => string, evaluate: () => T): T {
  try {
    return evaluate()
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    throw new TemplateError(`${where()}: ${error.message}`, error, {
      ...(error.missing !== null && { missing: error.missing }),
      ...(error.hint !== null && { hint: error.hint }),
      cause: error,
    })
  }
}
