import type { Place } from './syntax'
import { TemplateError } from './template-error'

/** Characters of one text, whether the output or a value on the way to it. */
const MAX_TEXT_LENGTH = 4 * 1024 * 1024
/** Enough for a few passes over 100,000 elements, and used up in about a second. */
const FUEL = 4_000_000
const CHARACTERS_PER_UNIT = 8

/** What one evaluation may still spend; every node, element and character costs. */
export type Budget = { left: number }

/** A full budget for one evaluation. */
export const fullBudget = (): Budget => ({ left: FUEL })

/** Throws TemplateError once the budget is used up. */
export function spend(budget: Budget, units: number, at: Place): void {
  budget.left -= units
  if (budget.left < 0) throw new TemplateError('this template does too much work and was stopped', at)
}

/** Throws TemplateError when a text of that length would be too long. */
export function checkTextLength(length: number, at: Place): void {
  if (length <= MAX_TEXT_LENGTH) return
  throw new TemplateError(`a text may have ${MAX_TEXT_LENGTH} characters, this would have ${length} or more`, at)
}

/** Charges for a text of that length before it is made. Throws TemplateError when it would be too long. */
export function spendText(budget: Budget, length: number, at: Place): void {
  checkTextLength(length, at)
  spend(budget, 1 + Math.floor(length / CHARACTERS_PER_UNIT), at)
}
