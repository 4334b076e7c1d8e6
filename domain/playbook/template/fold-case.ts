import { spend } from './budget'
import { isTrue, refuseSecret, type Context } from './values'

/** Jinja compares texts without regard to case unless told otherwise. */
export function foldCase(value: unknown, caseSensitive: unknown, context: Context): unknown {
  refuseSecret(value, 'compared', context)
  if (typeof value !== 'string') return value
  spend(context.budget, Math.floor(value.length / 32), context.at)
  return caseSensitive !== undefined && isTrue(caseSensitive, context) ? value : value.toLowerCase()
}
