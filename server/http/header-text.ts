import { isUtf8 } from 'node:buffer'

/** A header's value as it was meant: what came as bytes of UTF-8 is read as that, though HTTP takes a byte for a character. */
export function headerText(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value
  const bytes = Buffer.from(value, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : value
}
