import { spendText } from './budget'
import { entriesOf, joinAll } from './list-operations'
import { TemplateError } from './template-error'
import { textOf } from './text-of'
import { isDataObject, type Context } from './values'

/** A text for a path, where slashes stay; an object or a list of pairs for a query or a form. Throws TemplateError. */
export function urlEncode(input: unknown, context: Context): string {
  if (!isDataObject(input) && !Array.isArray(input)) return quote(textOf(input, context), '/', context)
  const pairs: readonly unknown[] = Array.isArray(input) ? input : entriesOf(input, context)
  const encoded = pairs.map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new TemplateError('urlencode takes a text, an object or a list of pairs', context.at)
    }
    return pair.map((part) => quote(textOf(part, context), '', context).replaceAll('%20', '+')).join('=')
  })
  return joinAll(encoded, '&', context)
}

/** Percent-encoded but for letters, digits, `_.-~` and what is `safe`: Python's set, smaller than JavaScript's. */
function quote(text: string, safe: '/' | '', context: Context): string {
  spendText(context.budget, text.length * 3, context.at)
  const encoded = encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return safe === '/' ? encoded.replaceAll('%2F', '/') : encoded
}
