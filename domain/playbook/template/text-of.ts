import { spendText } from './budget'
import { serialize } from './serialize'
import { refuseSecret, type Context } from './values'

/** A value as text: None is '', booleans are true and false, lists and objects are JSON. Throws TemplateError for a secret. */
export function textOf(value: unknown, context: Context): string {
  refuseSecret(value, 'turned into text', context)
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') {
    spendText(context.budget, value.length, context.at)
    return value
  }
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  return serialize(value, context)
}
