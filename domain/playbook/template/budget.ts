import type { Place } from './syntax'
import { TemplateError } from './template-error'

/** Characters of one text, whether the output or a value on the way to it. */
const MAX_TEXT_LENGTH = 4 * 1024 * 1024
/** Enough for a few passes over 100,000 elements, and used up in about a second. */
const FUEL = 4_000_000
/** For what is evaluated without a pause: the templates of one body, of which there may be thousands, or a condition over all items of a page. */
const FUEL_AT_ONCE = 2 * FUEL
/** For one condition over all elements of a collection, between which others have their turn. */
const FUEL_OF_ELEMENTS = 30 * FUEL
/** After about this much others should have theirs. */
const FUEL_OF_TURN = FUEL / 8
const CHARACTERS_PER_UNIT = 8
/** Two texts are compared much faster than one is made. */
const COMPARED_PER_UNIT = 256
/** Going through a list of plain values is much faster than through the nodes of a template. */
const PLAIN_VALUES_PER_UNIT = 8

/** What one evaluation may still spend; every node, element and character costs. */
export type Budget = { left: number }

/** A full budget for one evaluation. */
export const fullBudget = (): Budget => ({ left: FUEL })

/** What may be spent without a pause: by all templates inside one value, or by one condition over all items of a page. */
export const budgetAtOnce = (): Budget => ({ left: FUEL_AT_ONCE })

/** What one condition may spend over all elements together. */
export const budgetOfElements = (): Budget => ({ left: FUEL_OF_ELEMENTS })

/** Says after each use of a budget whether it is time to let others have their turn. */
export function turnsOf(budget: Budget): () => boolean {
  let before = budget.left
  return () => {
    if (before - budget.left < FUEL_OF_TURN) return false
    before = budget.left
    return true
  }
}

/** Evaluates with a full budget, or with what is left of a shared one, which then pays for what was spent. */
export function withBudget<T>(shared: Budget | null, evaluate: (budget: Budget) => T): T {
  const given = Math.min(FUEL, shared?.left ?? FUEL)
  const budget = { left: given }
  try {
    return evaluate(budget)
  } finally {
    if (shared !== null) shared.left -= given - budget.left
  }
}

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

/** Charges for a text of that length being compared, hashed or looked for at one place. Throws TemplateError. */
export const spendComparison = (budget: Budget, length: number, at: Place): void =>
  spend(budget, Math.floor(length / COMPARED_PER_UNIT), at)

/** Charges for that many plain values being compared with one. Throws TemplateError. */
export const spendPlain = (budget: Budget, count: number, at: Place): void =>
  spend(budget, 1 + Math.floor(count / PLAIN_VALUES_PER_UNIT), at)

/** Charges for a text of that length before it is made. Throws TemplateError when it would be too long. */
export function spendText(budget: Budget, length: number, at: Place): void {
  checkTextLength(length, at)
  spend(budget, 1 + Math.floor(length / CHARACTERS_PER_UNIT), at)
}
