import { LineCounter, parseDocument, type YAMLError } from 'yaml'
import type { Diagnostic } from '../diagnostic'
import { createReporter, type Reporter } from './reporter'
import { yamlValue } from './yaml-value'

const MAX_BYTES = 256 * 1024

export type YamlText = { value: unknown; report: Reporter; diagnostics: Diagnostic[] }

/** Reads YAML strictly: warnings are errors, keys are unique texts, aliases are few and never cyclic. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter()
  const diagnostics: Diagnostic[] = []
  const bytes = new TextEncoder().encode(text.slice(0, MAX_BYTES + 1)).length
  if (text.length > MAX_BYTES || bytes > MAX_BYTES) {
    const report = createReporter({ text: '', lines, places: new Map(), diagnostics })
    report.at({ code: 'too_large', message: `a playbook may have ${MAX_BYTES / 1024} KB` }, 0, 0)
    return { value: null, report, diagnostics }
  }
  const parsed = parseText(text, lines)
  if (parsed === null) {
    const report = createReporter({ text, lines, places: new Map(), diagnostics })
    report.at({ code: 'too_deep', message: 'the playbook is nested too deeply' }, 0, 0)
    return { value: null, report, diagnostics }
  }
  const faults = [...parsed.errors, ...parsed.warnings]
  const { value, places, refusal } =
    faults.length > 0 ? { value: null, places: new Map(), refusal: null } : yamlValue(parsed)
  const report = createReporter({ text, lines, places, diagnostics })
  for (const fault of faults.slice(0, 20)) reportFault(fault, text, report)
  if (refusal !== null) {
    const [from, to] = refusal.node.range ?? [0, 0]
    report.at({ code: refusal.code, message: refusal.message }, from, to)
  }
  return { value, report, diagnostics }
}

function parseText(text: string, lineCounter: LineCounter) {
  try {
    return parseDocument(text, {
      lineCounter,
      strict: true,
      uniqueKeys: true,
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

function reportFault(fault: YAMLError, text: string, report: Reporter): void {
  const [from, to] = fault.pos
  const lineStart = text.lastIndexOf('\n', from - 1) + 1
  const lineEnd = text.indexOf('\n', from)
  const line = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd)
  const unquoted = /(?:^|[:\-[,{]\s*)\{\{/.test(line.trimStart()) && !/["']\s*\{\{/.test(line)
  const hint = unquoted ? 'Put quotes around a value that begins with {{: "{{ … }}".' : HINTS[fault.code]
  const message = MESSAGES[fault.code] ?? firstLine(fault.message)
  const code = fault.code === 'DUPLICATE_KEY' ? 'duplicate_key' : 'yaml'
  report.at({ code, message, ...(hint === undefined ? {} : { hint }) }, from, Math.max(to, from + 1))
}

const MESSAGES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is there twice',
  NON_STRING_KEY: 'a key must be a plain text',
  MULTIPLE_DOCS: 'a second document begins here',
}

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  MULTIPLE_DOCS: 'A file holds one playbook: remove the --- between.',
  BAD_INDENT: 'Keys of one object stand in the same column.',
  MISSING_CHAR: 'Check the indentation, and whether a quote, a bracket or a colon is missing.',
}

const firstLine = (message: string): string => message.split('\n')[0] ?? message
