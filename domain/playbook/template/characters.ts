import { spend, spendComparison } from './budget'
import type { Context } from './values'

const SURROGATE = /[\uD800-\uDFFF]/
const FIRST_SURROGATE = 0xd8_00
const AFTER_SURROGATES = 0xe0_00

/** The characters of a text, or itself where each is one unit; what has a length and can be indexed either way. */
export function charactersOf(text: string, context: Context): string | string[] {
  spendComparison(context.budget, text.length, context.at)
  return SURROGATE.test(text) ? splitCharacters(text, context) : text
}

/** A list of the characters of a text. */
export function splitCharacters(text: string, context: Context): string[] {
  spend(context.budget, text.length, context.at)
  return Array.from(text)
}

/** Every `step`-th element from `from` up to `to`, which count from the end where they are negative, as Python does it. */
export function sliceBy(
  list: ArrayLike<unknown>,
  bounds: { from: number | null; to: number | null; step: number },
): unknown[] {
  const { step } = bounds
  const isForward = step > 0
  const [least, most] = isForward ? [0, list.length] : [-1, list.length - 1]
  const within = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + list.length : bound, least), most)
  const from = within(bounds.from ?? (isForward ? 0 : list.length))
  const end = isForward ? most : least
  const to = bounds.to === null ? end : within(bounds.to)
  const found: unknown[] = []
  for (let index = from; isForward ? index < to : index > to; index += step) found.push(list[index])
  return found
}

/** Order by characters; JavaScript's own puts those of two units before some of one. What is equal at the start is charged for. */
export function orderOfTexts(left: string, right: string, context: Context): number {
  const shared = Math.min(left.length, right.length)
  let index = 0
  while (index < shared && left.charCodeAt(index) === right.charCodeAt(index)) index += 1
  spend(context.budget, Math.floor(index / 8), context.at)
  return index < shared ? rank(left.charCodeAt(index)) - rank(right.charCodeAt(index)) : left.length - right.length
}

/** Halves of characters after all others, because what they are halves of is. */
function rank(unit: number): number {
  return unit >= FIRST_SURROGATE && unit < AFTER_SURROGATES ? unit + 0x1_00_00 : unit
}
