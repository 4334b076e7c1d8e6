import { scalarText } from './json-slices'

/** One line of CSV by RFC 4180. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`

/** What a cell says of a JSON value: nothing for null, text for a string, the JSON itself otherwise. */
export function csvCell(slice: string | undefined): string {
  if (slice === undefined || slice === 'null') return ''
  return slice.startsWith('"') ? csvText(scalarText(slice)) : slice
}

/**
 * Text as a spreadsheet may safely see it: what it would take for a formula gets a `'` in front, unless it is a number;
 * NUL and lone surrogates, which no UTF-8 file holds, are shown as their escapes.
 */
export function csvText(text: string): string {
  const shown = text.replaceAll(UNWRITABLE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return FORMULA.test(shown) && !NUMBER.test(shown) ? `'${shown}` : shown
}

const FORMULA = /^[=+\-@\t\r＝＋－＠]/
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
// eslint-disable-next-line no-control-regex
const UNWRITABLE = /\u0000|\p{Surrogate}/gu

const quoted = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
