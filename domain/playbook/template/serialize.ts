import { checkTextLength, spendText } from './budget'
import { isDataObject, ownKeys, ownValue, refuseSecret, type Context } from './values'
import { TemplateError } from './template-error'

/** NaN has no JSON, and deeper data than this overflows the stack of whoever reads it next. */
const MAX_DEPTH = 200

/** JSON text of a value, 64-bit integers digit for digit; every character is charged before it is made. */
export function serialize(value: unknown, context: Context, indent = 0): string {
  const parts: string[] = []
  let length = 0
  const write = (text: string): void => {
    length += text.length
    checkTextLength(length, context.at)
    spendText(context.budget, 8 + text.length, context.at)
    parts.push(text)
  }
  const newline = (depth: number): string => (indent > 0 ? `\n${' '.repeat(indent * depth)}` : '')

  const visit = (item: unknown, depth: number): void => {
    refuseSecret(item, 'turned into JSON', context)
    if (depth > MAX_DEPTH) throw new TemplateError('the data is nested too deeply for JSON', context.at)
    if (item === null || item === undefined) return write('null')
    if (typeof item === 'boolean' || typeof item === 'bigint') return write(String(item))
    if (typeof item === 'number') return write(Number.isFinite(item) ? String(item) : 'null')
    if (typeof item === 'string') {
      spendText(context.budget, item.length, context.at)
      return write(JSON.stringify(item))
    }
    if (Array.isArray(item)) {
      return visitAll('[]', depth, item.length, (index) => visit(item[index], depth + 1))
    }
    if (!isDataObject(item)) throw new TemplateError('this value is not data', context.at)
    const keys = ownKeys(item)
    return visitAll('{}', depth, keys.length, (index) => {
      const key = keys[index] ?? ''
      write(`${JSON.stringify(key)}:${indent > 0 ? ' ' : ''}`)
      visit(ownValue(item, key)?.value, depth + 1)
    })
  }

  const visitAll = (brackets: string, depth: number, count: number, visitOne: (index: number) => void): void => {
    write(brackets.charAt(0))
    for (let index = 0; index < count; index += 1) {
      write(`${index > 0 ? ',' : ''}${newline(depth + 1)}`)
      visitOne(index)
    }
    write(`${count > 0 ? newline(depth) : ''}${brackets.charAt(1)}`)
  }

  visit(value, 0)
  return parts.join('')
}
