import { convertNodes } from './convert-nodes'
import { hintForMissing } from './missing-words'
import { readNodes } from './read-nodes'
import { textPlaces } from './text-places'
import { TemplateError } from './template-error'
import type { Block, ParsedTemplate, Place } from './syntax'

const MAX_SOURCE_LENGTH = 32 * 1024
const MAX_CACHED_TEMPLATES = 2000
/** A parsed template takes up to a hundred times the room of its text. */
const MAX_CACHED_CHARACTERS = 1024 * 1024
const START: Place = { offset: 0, line: 1, column: 1 }

/** Least recently used first; parsing is pure, so forgetting one costs time only. */
const cache = new Map<string, ParsedTemplate>()
let cachedCharacters = 0

/** True when text holds anything that a template would act on. */
export const hasTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%')

/** Reads a template into the closed set of nodes that can be evaluated. Throws TemplateError. */
export function parseTemplate(source: string): ParsedTemplate {
  const known = cache.get(source)
  if (known !== undefined) {
    cache.delete(source)
    cache.set(source, known)
    return known
  }
  const parsed = readTemplate(source)
  remember(source, parsed)
  return parsed
}

function remember(source: string, parsed: ParsedTemplate): void {
  cache.set(source, parsed)
  cachedCharacters += source.length
  for (const oldest of cache.keys()) {
    if (cache.size <= MAX_CACHED_TEMPLATES && cachedCharacters <= MAX_CACHED_CHARACTERS) return
    cache.delete(oldest)
    cachedCharacters -= oldest.length
  }
}

function readTemplate(source: string): ParsedTemplate {
  if (source.length > MAX_SOURCE_LENGTH) {
    throw new TemplateError(`a template may have ${MAX_SOURCE_LENGTH} characters, this one has ${source.length}`, START)
  }
  if (!hasTemplate(source)) return { blocks: [{ kind: 'text', text: source }], lone: null }
  try {
    const blocks = convertNodes(readNodes(source), textPlaces(source))
    return { blocks, lone: loneExpression(blocks) }
  } catch (error) {
    if (error instanceof TemplateError) throw error
    throw unreadable(source, error)
  }
}

function loneExpression(blocks: readonly Block[]) {
  const meant = blocks.filter((block) => block.kind !== 'text' || block.text.trim() !== '')
  const [only] = meant
  return meant.length === 1 && only?.kind === 'output' ? only.value : null
}

/** What nunjucks' parser threw, in our words; it throws plain TypeErrors where a template ends too early. */
function unreadable(source: string, cause: unknown): TemplateError {
  const places = textPlaces(source)
  if (cause instanceof RangeError) return new TemplateError('the template is nested too deeply', START, { cause })
  const { message, lineno, colno } = readFailure(cause)
  if (message === null) return new TemplateError('the template ends too early', places.end, { cause })
  const place = lineno === null || colno === null ? places.end : places.at(lineno - 1, colno - 1)
  const told = tellFailure(message)
  return new TemplateError(told.message, place, { cause, ...(told.hint === undefined ? {} : { hint: told.hint }) })
}

type Failure = { message: string | null; lineno: number | null; colno: number | null }

function readFailure(cause: unknown): Failure {
  if (!(cause instanceof Error) || cause instanceof TypeError) return { message: null, lineno: null, colno: null }
  const lineno = 'lineno' in cause && typeof cause.lineno === 'number' ? cause.lineno : null
  const colno = 'colno' in cause && typeof cause.colno === 'number' ? cause.colno : null
  return { message: cause.message, lineno, colno }
}

const OPERATOR_HINTS: Readonly<Record<string, string>> = {
  '&&': 'Write `and`.',
  '?': 'Write `a if condition else b`.',
  '!': 'Write `not`.',
  '=': 'Compare with `==`.',
}

function tellFailure(message: string): { message: string; hint?: string } {
  if (message === 'expected variable end') return { message: '`}}` or an operator is expected here' }
  if (message.startsWith('expected block end')) return { message: '`%}` is expected here' }
  if (/^(?:parse\w+: )?(?:expected symbol|variable name expected)/.test(message)) {
    return { message: 'a name is expected here' }
  }
  if (message.includes('expected "in"')) return { message: '`in` is expected here', hint: 'Write {% for x in list %}.' }
  if (message.includes('expected comma')) return { message: '`,` or the closing bracket is expected here' }
  if (message.includes('end of file') || message.includes('got EOF')) return { message: 'the template ends too early' }
  const tag = /^the tag (\w+) is not/.exec(message)?.[1]
  const instead = tag === undefined ? null : hintForMissing('tag', tag)
  if (instead !== null) return { message, hint: instead }
  const unexpected = /^unexpected (?:token: )?(.+)$/s.exec(message)?.[1]
  if (unexpected === undefined) return { message: message.replace(/^parse\w+: /, '') }
  const hint = OPERATOR_HINTS[unexpected]
  const told = `unexpected \`${unexpected}\``
  return hint === undefined ? { message: told } : { message: told, hint }
}
