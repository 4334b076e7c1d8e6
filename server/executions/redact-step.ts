import type { ElementStep } from '@/domain/execution/element'
import type { NewEvent } from '@/domain/execution/events'
import { maskSecretText } from '@/domain/playbook/template/secret-text'
import type { AttemptRow, PageRow } from '../db/page-commit'
import type { Redactor } from '../secrets/redact'

/** What one outcome leaves on record, with every secret in it masked, whichever way the API wrote it back to us. */
export function redactStep(
  { page, attempt, events }: ElementStep,
  redactor: Redactor,
): { page: PageRow | null; attempt: AttemptRow | null; events: NewEvent[] } {
  return {
    page: page && {
      ...page,
      request: redactor.json(maskSecretText(page.request)),
      responseHeaders: redactor.json(page.responseHeaders),
      body: textOf(page.body, redactor),
      items: textOf(page.items, redactor),
      next: redactor.json(maskSecretText(page.next)),
    },
    attempt: attempt && {
      ...attempt,
      request: redactor.json(maskSecretText(attempt.request)),
      responseHeaders: redactor.json(attempt.responseHeaders),
      bodyText: textOf(attempt.bodyText, redactor),
      error: redactor.json(attempt.error),
    },
    events: redactEvents(events, redactor),
  }
}

/** Events as they may be written. */
export const redactEvents = (events: readonly NewEvent[], redactor: Redactor): NewEvent[] =>
  events.map((event) => ({ ...event, context: redactor.json(maskSecretText(event.context)) as NewEvent['context'] }))

const textOf = (text: string | null, redactor: Redactor): string | null => (text === null ? null : redactor.text(text))
