import type { Template } from '../playbook'
import { hasTemplate } from '../template/parse-template'

const OPENING = '{{ '

/** An expression as a template: the braces around it may be left out. */
export const expressionTemplate = (text: string): Template => (hasTemplate(text) ? text : `${OPENING}${text} }}`)

/** How far places in `expressionTemplate(text)` lie behind those in `text`. */
export const expressionShift = (text: string): number => (hasTemplate(text) ? 0 : OPENING.length)

/** `null` for what wasn't written. */
export const optionalExpression = (text: string | undefined): Template | null =>
  text === undefined ? null : expressionTemplate(text)

/** What to sort by; a `-` before it sorts descending. */
export function orderBy(text: string): { expression: Template; descending: boolean; shift: number } {
  const descending = text.trimStart().startsWith('-')
  const from = descending ? text.indexOf('-') + 1 : 0
  const rest = text.slice(from)
  return { expression: expressionTemplate(rest), descending, shift: expressionShift(rest) - from }
}
