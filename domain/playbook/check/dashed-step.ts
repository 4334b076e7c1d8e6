import { nearest } from '../nearest'
import type { Finding } from '../text/reporter'

/** A use of a step whose name has a `-`: where in the template it begins and ends, and what to say of it. */
type DashedUse = { from: number; to: number; finding: Finding }

const PART_OF_NAME = /[A-Za-z0-9_-]/

/** The use of such a step that stands at, or ends right before, an offset of a template; null where none does. */
export function dashedUseAt(template: string, offset: number, dashed: readonly string[]): DashedUse | null {
  for (const step of dashed) {
    const from = template.lastIndexOf(step, offset)
    const to = from + step.length
    // The parser stumbles behind the point of `fetch-2.stats`, whose end is the number 2.
    if (from === -1 || offset > to + 1 || isInsideWord(template, from, to)) continue
    const message = `\`${step}\` reads as ${step
      .split('-')
      .filter((part) => part !== '')
      .map((part) => `\`${part}\``)
      .join(' minus ')} in a template`
    return { from, to, finding: { code: 'unknown_name', message, hint: `Rename the step to \`${renamed(step)}\`.` } }
  }
  return null
}

/** What to do where a name that is not known is nearer to that of such a step than to any that is `known`. */
export function hintToRename(name: string, dashed: readonly string[], known: readonly string[]): string | null {
  const step = dashed.length === 0 ? null : nearest(name, [...known, ...dashed])
  if (step === null || !isDashed(step)) return null
  return `Rename the step \`${step}\` to \`${renamed(step)}\`: with \`-\` its name reads as a subtraction.`
}

/** Whether a step has such a name, by which no template can read it. */
export const isDashed = (step: string): boolean => step.includes('-')

const renamed = (step: string): string => step.replaceAll('-', '_')

const isInsideWord = (text: string, from: number, to: number): boolean =>
  PART_OF_NAME.test(text.charAt(from - 1)) || PART_OF_NAME.test(text.charAt(to))
