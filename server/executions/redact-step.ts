import type { ElementStep } from '@/domain/execution/element-records'
import type { NewEvent } from '@/domain/execution/events'
import { maskSecretText } from '@/domain/playbook/template/secret-text'
import type { Redactor } from '../secrets/redact'

/** Of what came back with a failed try so many characters are kept. */
const MOST_ATTEMPT_CHARACTERS = 64 * 1024

export type Redacted = Pick<ElementStep, 'page' | 'attempt' | 'events'>

/** What one outcome leaves on record, with every secret in it masked, whichever way the API wrote it back to us. */
export function redactStep({ page, attempt, events }: ElementStep, redactor: Redactor): Redacted {
  // Markers of secrets are only where there are secrets.
  if (redactor.isIdle) return { page, attempt: attempt && { ...attempt, bodyText: capped(attempt.bodyText) }, events }
  return {
    page: page && {
      ...page,
      request: masked(page.request, redactor),
      responseHeaders: redactor.json(page.responseHeaders),
      body: textOf(page.body, redactor),
      items: textOf(page.items, redactor),
      next: redactor.words(maskSecretText(page.next) as typeof page.next),
    },
    attempt: attempt && {
      ...attempt,
      request: masked(attempt.request, redactor),
      responseHeaders: redactor.json(attempt.responseHeaders),
      // A cut before the mask would leave a part of a secret that lies across it.
      bodyText: capped(textOf(attempt.bodyText, redactor)),
      error: redactor.words(attempt.error),
    },
    events: redactEvents(events, redactor),
  }
}

/** Events as they may be written. */
export const redactEvents = (events: readonly NewEvent[], redactor: Redactor): NewEvent[] =>
  events.map((event) => ({ ...event, context: redactor.words(maskSecretText(event.context) as typeof event.context) }))

const textOf = (text: string | null, redactor: Redactor): string | null =>
  text === null ? null : redactor.jsonText(text)

const capped = (text: string | null): string | null => text?.slice(0, MOST_ATTEMPT_CHARACTERS) ?? null

/** Masking keeps the shape; only texts change. */
const masked = <T>(value: T, redactor: Redactor): T => redactor.json(maskSecretText(value) as T)
