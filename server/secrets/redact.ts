import { MOST_DIGITS, parsePreciseJson, stringifyPreciseJson } from '@/domain/json-precise'
import { findCutSecrets } from './cut-secrets'
import { spansBefore, withoutEscapes, type Span } from './escapes'
import { secretForms } from './secret-forms'
import { secretParts } from './secret-parts'

const MASK = '•••'
/** A shorter value is masked only where it is the whole text: its letters are in every other word. */
const MIN_LENGTH = 4
/** JSON in JSON in a URL: what is escaped deeper than this nobody reads by accident. */
const MOST_ESCAPES = 3

export type Redactor = {
  /** True where there is no secret to look for. */
  readonly isIdle: boolean
  text(text: string): string
  /** JSON text stays JSON, 64-bit integers digit for digit: a number that is a secret becomes the string •••. */
  jsonText(text: string): string
  /** A copy with every string, keys and numbers included, redacted. */
  json<T>(value: T): T
  /** `json` of what we say: beside the mark of a cut (`cutText`) what is left of a value is masked as well. In data such a mark may be anybody's. */
  words<T>(value: T): T
}

/**
 * Replaces the secrets, and those inside of them, by ••• in all the forms of security.md and in any case. Every value counts as secret, also one
 * that is no secret to anybody (the address of the sample API): whoever wrote `secret.NAME` was promised •••.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const values = secrets.flatMap(secretParts)
  const short = new Set(values.filter((value) => value !== '' && value.length < MIN_LENGTH))
  const forms = [...new Set(values.filter((value) => value.length >= MIN_LENGTH).flatMap(secretForms))]

  const isIdle = short.size + forms.length === 0

  const textBy =
    (finder: Finder) =>
    (input: string): string => {
      if (isIdle) return input
      if (short.has(input)) return MASK
      const found = forms.length === 0 ? [] : findEscaped(input, (plain) => finder(plain, forms), MOST_ESCAPES)
      return found.length === 0 ? input : replaced(input, found)
    }
  const text = textBy(find)
  const textOfWords = textBy((input, all) => [...find(input, all), ...findCutSecrets(lowerCase(input), all)])

  const json = (value: unknown, mask = text): unknown => {
    if (typeof value === 'string') return mask(value)
    if (typeof value === 'number' || typeof value === 'bigint')
      return mask(String(value)) === String(value) ? value : MASK
    if (value instanceof Date || value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map((member) => json(member, mask))
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [mask(name), json(member, mask)]))
  }

  return {
    isIdle,
    text,
    jsonText(input) {
      const masked = text(input)
      const isWhole =
        masked === input ? [...short].every((value) => !input.includes(JSON.stringify(value))) : isJson(masked)
      return isWhole || !isJson(input) ? masked : (rewritten(input, json) ?? masked)
    },
    json: <T>(value: T): T => (isIdle ? value : (json(value) as T)),
    words: <T>(value: T): T => (isIdle ? value : (json(value, textOfWords) as T)),
  }
}

type Finder = (input: string, forms: readonly string[]) => Span[]

/**
 * Places of the forms in the text as it is, and in what it says once its escapes are read: an API may write any
 * character as \u0041, %41 or &#65;, which is itself again for whoever reads the answer.
 */
function findEscaped(input: string, finder: (text: string) => Span[], levels: number): Span[] {
  const found = finder(input)
  const plain = levels === 0 ? null : withoutEscapes(input)
  if (plain === null) return found
  const inside = findEscaped(plain, finder, levels - 1)
  return inside.length === 0 ? found : [...found, ...spansBefore(input, inside)]
}

function find(input: string, forms: readonly string[]): Span[] {
  const lower = input.toLowerCase()
  return lower.length === input.length ? findAll(lower, forms) : findWithin(input, forms)
}

/** In lower case, every character in its place. */
function lowerCase(input: string): string {
  const lower = input.toLowerCase()
  if (lower.length === input.length) return lower
  return input.replaceAll(/./gsu, (each) => (each.toLowerCase().length === each.length ? each.toLowerCase() : each))
}

/** indexOf runs at gigabytes a second, which an alternation of as many words does not. */
function findAll(lower: string, forms: readonly string[]): Span[] {
  const spans: Span[] = []
  for (const form of forms) {
    for (let from = lower.indexOf(form); from !== -1; from = lower.indexOf(form, from + 1)) {
      spans.push({ from, to: from + form.length })
    }
  }
  return spans
}

/** For the few texts whose lower case has another length (İ), so that places in it mean nothing. */
function findWithin(input: string, forms: readonly string[]): Span[] {
  const pattern = forms.map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')
  if (pattern === '') return []
  return [...input.matchAll(new RegExp(pattern, 'giu'))].map(({ index, 0: match }) => ({
    from: index,
    to: index + match.length,
  }))
}

/** Spans that overlap or touch are one secret in several forms, and one mask. */
function replaced(input: string, spans: readonly Span[]): string {
  let output = ''
  let done = -1
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    if (from > done) output += `${input.slice(Math.max(done, 0), from)}${MASK}`
    done = Math.max(done, to)
  }
  return output + input.slice(done)
}

/** JSON with every value masked by itself; null where it is nested deeper than can be walked. */
function rewritten(input: string, json: (value: unknown) => unknown): string | null {
  try {
    return stringifyPreciseJson(json(parsePreciseJson(input, MOST_DIGITS)))
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
