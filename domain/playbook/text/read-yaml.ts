import { parseDocument, type YAMLError } from 'yaml'
import type { Diagnostic } from '../diagnostic'
import { createReporter, type Reporter } from './reporter'
import { yamlValue } from './yaml-value'

const MAX_BYTES = 256 * 1024
/** The parser quotes what it could not read, however long. */
const MAX_MESSAGE = 200
const MOST_FAULTS = 20

export type YamlText = { value: unknown; report: Reporter; diagnostics: Diagnostic[] }

/** Reads YAML strictly: warnings are errors, keys are unique texts, aliases are few and never cyclic. */
export function readYaml(text: string): YamlText {
  const diagnostics: Diagnostic[] = []
  const bytes = new TextEncoder().encode(text.slice(0, MAX_BYTES + 1)).length
  if (text.length > MAX_BYTES || bytes > MAX_BYTES) {
    const report = createReporter({ text: '', places: new Map(), diagnostics })
    report.at({ code: 'too_large', message: `a playbook may have ${MAX_BYTES / 1024} KB` }, 0, 0)
    return { value: null, report, diagnostics }
  }
  const parsed = parseText(text)
  if (parsed === null) {
    const report = createReporter({ text, places: new Map(), diagnostics })
    report.at({ code: 'too_deep', message: 'the playbook is nested too deeply' }, 0, 0)
    return { value: null, report, diagnostics }
  }
  const faults = [...parsed.errors, ...parsed.warnings]
  const { value, places, refusal, repeated } =
    faults.length > 0 ? { value: null, places: new Map(), refusal: null, repeated: [] } : yamlValue(parsed)
  const report = createReporter({ text, places, diagnostics })
  for (const fault of causes(faults.slice(0, MOST_FAULTS), text)) reportFault(fault, text, report)
  for (const { range } of repeated.slice(0, MOST_FAULTS)) {
    const [from, to] = range ?? [0, 0]
    report.at({ code: 'duplicate_key', message: 'this key is there twice' }, from, to)
  }
  if (refusal !== null) {
    const [from, to] = refusal.node.range ?? [0, 0]
    report.at({ code: refusal.code, message: refusal.message }, from, to)
  }
  return { value, report, diagnostics }
}

function parseText(text: string) {
  try {
    return parseDocument(text, {
      strict: true,
      // The parser compares each key with all before it; yamlValue finds repeated ones in one go.
      uniqueKeys: false,
      stringKeys: true,
      intAsBigInt: true,
      prettyErrors: false,
      version: '1.2',
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      // 'silent' would drop a second document without a word; nothing is ever printed.
      logLevel: 'error',
    })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Behind the first fault the parser has lost its way: of the rest only those count that have a cause of their own. */
function causes(faults: readonly YAMLError[], text: string): YAMLError[] {
  const lines = new Set<number>()
  return faults.filter((fault, index) => {
    const line = lineAt(text, fault.pos[0])
    if (index > 0 && (!isUnquoted(line.text) || lines.has(line.from))) return false
    lines.add(line.from)
    return true
  })
}

function lineAt(text: string, offset: number): { from: number; text: string } {
  const from = text.lastIndexOf('\n', offset - 1) + 1
  const to = text.indexOf('\n', offset)
  return { from, text: text.slice(from, to === -1 ? text.length : to) }
}

const isUnquoted = (line: string): boolean =>
  /(?:^|[:\-[,{]\s*)\{\{/.test(line.trimStart()) && !/["']\s*\{\{/.test(line)

function reportFault(fault: YAMLError, text: string, report: Reporter): void {
  const [from, to] = fault.pos
  const hint = isUnquoted(lineAt(text, from).text)
    ? 'Put quotes around a value that begins with {{: "{{ … }}".'
    : (HINTS[fault.code] ?? LOST)
  const message = MESSAGES[fault.code] ?? firstLine(fault.message)
  report.at({ code: 'yaml', message, hint }, from, Math.max(to, from + 1))
}

const MESSAGES: Readonly<Record<string, string>> = {
  NON_STRING_KEY: 'a key must be a plain text',
  MULTIPLE_DOCS: 'a second document begins here',
}

/** Where the parser doesn't know what is wrong either: it may be a line or two before. */
const LOST = 'Check the indentation, and whether a quote, a bracket or a colon is missing.'

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  MULTIPLE_DOCS: 'A file holds one playbook: remove the --- between.',
  BAD_INDENT: 'Keys of one object stand in the same column.',
}

const firstLine = (message: string): string => (message.split('\n')[0] ?? message).slice(0, MAX_MESSAGE)
