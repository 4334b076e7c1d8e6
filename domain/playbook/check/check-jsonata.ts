import jsonata from 'jsonata'
import { hasTemplate } from '../template/parse-template'
import type { Reporter } from '../text/reporter'

/** What to do about a template in an expression. */
export const JSONATA_HINT = 'An expression is no template: pass the value by `input` and read it there.'

/** Reports an expression that JSONata can't read, at the place where it can't. */
export function checkJsonata(expression: string, pointer: string, report: Reporter): void {
  try {
    jsonata(expression)
  } catch (error) {
    const { message, position } = faultOf(error)
    const finding = { code: 'jsonata', message: `JSONata can't read this: ${message}` }
    report.inside(hasTemplate(expression) ? { ...finding, hint: JSONATA_HINT } : finding, pointer, position)
  }
}

/** JSONata throws plain objects with the offset after the token at fault. */
function faultOf(error: unknown): { message: string; position: number } {
  if (typeof error !== 'object' || error === null || !('message' in error))
    return { message: String(error), position: 0 }
  const position = 'position' in error && typeof error.position === 'number' ? error.position : 0
  return { message: String(error.message), position: Math.max(0, position - 1) }
}
