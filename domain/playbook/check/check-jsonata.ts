import jsonata from 'jsonata'
import type { Reporter } from '../text/reporter'

/** Reports an expression that JSONata can't read, at the place where it can't. */
export function checkJsonata(expression: string, pointer: string, report: Reporter): void {
  try {
    jsonata(expression)
  } catch (error) {
    const { message, position } = faultOf(error)
    report.inside({ code: 'jsonata', message: `JSONata can't read this: ${message}` }, pointer, position)
  }
}

/** JSONata throws plain objects with the offset after the token at fault. */
function faultOf(error: unknown): { message: string; position: number } {
  if (typeof error !== 'object' || error === null || !('message' in error))
    return { message: String(error), position: 0 }
  const position = 'position' in error && typeof error.position === 'number' ? error.position : 0
  return { message: String(error.message), position: Math.max(0, position - 1) }
}
