import type { Place } from './syntax'

export type TextPlaces = {
  /** From nunjucks' line and column, both counted from 0. */
  at: (line: number, column: number) => Place
  end: Place
}

/** Turns lines and columns of a text into places in it. */
export function textPlaces(source: string): TextPlaces {
  const starts = [0]
  for (let index = source.indexOf('\n'); index !== -1; index = source.indexOf('\n', index + 1)) starts.push(index + 1)
  const at = (line: number, column: number): Place => {
    const start = starts[line] ?? source.length
    return { offset: Math.min(start + column, source.length), line: line + 1, column: column + 1 }
  }
  const last = starts.length - 1
  return { at, end: at(last, source.length - (starts[last] ?? 0)) }
}
