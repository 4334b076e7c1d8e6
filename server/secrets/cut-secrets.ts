import { CUT } from '@/domain/cut-text'
import type { Span } from './escapes'

/** Of fewer characters nobody can tell that they are of a secret. */
const MIN_PART = 3
/** What a cut leaves of one character as JSON, a URL or HTML may write it. */
const BROKEN_ESCAPE = /(?:\\(?:u[\da-f]{0,3})?|(?:%[\da-f]{0,2}){1,4}|&#?\w{0,7})$/i

/** Stretches beside the mark of a cut that are the beginning, or the end, of one of the forms; text and forms in lower case. */
export function findCutSecrets(lower: string, forms: readonly string[]): Span[] {
  const longest = forms.reduce((most, { length }) => Math.max(most, length), 0)
  const spans: Span[] = []
  for (let at = lower.indexOf(CUT); at !== -1; at = lower.indexOf(CUT, at + 1)) {
    const before = lower.slice(Math.max(0, at - longest), at)
    const whole = before.replace(BROKEN_ESCAPE, '')
    const broken = before.length - whole.length
    const begun = Math.max(longestBegin(before, forms), broken === 0 ? 0 : longestBegin(whole, forms) + broken)
    if (begun >= MIN_PART + broken) spans.push({ from: at - begun, to: at })
    const next = at + CUT.length + (lower.startsWith(' ', at + CUT.length) ? 1 : 0)
    const ended = longestEnd(lower.slice(next, next + longest), forms)
    if (ended >= MIN_PART) spans.push({ from: next, to: next + ended })
  }
  return spans
}

/** How many characters at the end of the text are the beginning of a form. */
function longestBegin(text: string, forms: readonly string[]): number {
  const last = text.at(-1)
  return forms.reduce((most, form) => {
    for (let size = Math.min(form.length, text.length); size > most; size--)
      if (form[size - 1] === last && text.endsWith(form.slice(0, size))) return size
    return most
  }, 0)
}

/** How many characters at the beginning of the text are the end of a form. */
function longestEnd(text: string, forms: readonly string[]): number {
  const first = text.at(0)
  return forms.reduce((most, form) => {
    for (let size = Math.min(form.length, text.length); size > most; size--)
      if (form[form.length - size] === first && text.startsWith(form.slice(-size))) return size
    return most
  }, 0)
}
