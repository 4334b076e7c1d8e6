import type { z } from 'zod'
import { didYouMean } from '../nearest'
import { faultsOfForm } from '../schema/one-form'
import { readKnownKeys } from '../schema/strict-keys'
import { hasTemplate } from '../template/parse-template'
import { kindOf } from '../template/values'
import { hintForKey, hintForMissing, hintForValue } from './noetl-words'
import { pointerOf, pointerTo } from './json-pointer'
import type { Reporter } from './reporter'

type Issue = z.core.$ZodIssue

/** Reports what the schema refused, in the words of the language. */
export function tellIssues(issues: readonly Issue[], root: unknown, report: Reporter): void {
  for (const issue of issues) {
    if (report.isFull()) return
    tellIssue(issue, [], { root, report })
  }
}

type Telling = { root: unknown; report: Reporter }

function tellIssue(issue: Issue, parent: readonly PropertyKey[], telling: Telling): void {
  const path = [...parent, ...issue.path]
  const pointer = pointerOf(path)
  const faults = faultsOfForm(issue)
  if (faults.length > 0) return faults.forEach((fault) => tellIssue(fault, path, telling))
  if (issue.code === 'unrecognized_keys') return tellUnknownKeys(issue, pointer, telling)
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const best = bestAlternative(issue.errors)
    if (best !== null) return best.forEach((inner) => tellIssue(inner, path, telling))
  }
  const key = path.at(-1)
  const name =
    typeof key === 'number' ? `entry ${key + 1} of ${String(path.at(-2))}` : `\`${String(key ?? 'the playbook')}\``
  const value = valueAt(telling.root, path)
  if (value === undefined) {
    const message = isDiscriminator(issue) ? `\`${String(key)}\` is missing` : `${name} is missing`
    const wanted = hintForMissing(path) ?? `It must be ${issue.message}.`
    return telling.report.value({ code: 'missing', message, hint: wanted }, pointer)
  }
  if (/^[A-Z]/.test(issue.message)) return telling.report.value({ code: 'invalid', message: issue.message }, pointer)
  const hint =
    hintForValue(path, value) ??
    hintForType(path, value, issue.message) ??
    (typeof value === 'string' ? hintFor(value, wordsOf(issue)) : null)
  const wanted = wordsOf(issue).length > 0 ? `one of ${wordsOf(issue).join(', ')}` : issue.message
  const message = `${name} must be ${wanted}, not ${shown(value)}`
  return telling.report.value({ code: 'wrong_type', message, ...(hint === null ? {} : { hint }) }, pointer)
}

/** A type where the object belongs that has it. */
function hintForType(path: readonly PropertyKey[], value: unknown, wanted: string): string | null {
  const types = /^an object with a type: (.+)$/.exec(wanted)?.[1]?.split(/, | or /)
  return typeof value === 'string' && types?.includes(value) === true
    ? `Write \`${String(path.at(-1))}: { type: ${value} }\`.`
    : null
}

function hintFor(value: string, words: readonly string[]): string | null {
  return hasTemplate(value) ? 'A template can’t stand for this: write it out.' : didYouMean(value, words)
}

function tellUnknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, pointer: string, { report }: Telling): void {
  const { words, known } = readKnownKeys(issue.message)
  for (const key of issue.keys) {
    if (report.isFull()) return
    const hint = hintForKey(words, key) ?? didYouMean(key, known) ?? `Known here: ${known.join(', ')}.`
    report.key(
      { code: 'unknown_key', message: `\`${key.slice(0, 80)}\` is not a key of ${words}`, hint },
      pointerTo(pointer, key),
    )
  }
}

/** The alternative the author most likely meant: the one that goes wrong deepest, and least. */
function bestAlternative(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const inside = alternatives.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  )
  return inside.toSorted((left, right) => weight(left) - weight(right))[0] ?? null
}

const weight = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => {
    if (issue.code !== 'unrecognized_keys') return sum + 1
    const { known } = readKnownKeys(issue.message)
    return sum + issue.keys.reduce((keys, key) => keys + (didYouMean(key, known) === null ? 4 : 2), 0)
  }, 0)

const isDiscriminator = (issue: Issue): boolean => issue.code === 'invalid_union' && issue.errors.length === 0

function wordsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code !== 'invalid_union' || !('options' in issue) || !Array.isArray(issue.options)) return []
  return issue.options.filter((option): option is string => typeof option === 'string')
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let current: unknown = root
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = Object.getOwnPropertyDescriptor(current, key)?.value
  }
  return current
}

/** What a value is, in a few words. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? 'this text' : `the text \`${value}\``
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return `\`${value}\``
  if (value === null) return 'empty'
  return Array.isArray(value) && value.length === 0 ? 'an empty list' : kindOf(value)
}
