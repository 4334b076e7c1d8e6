/** Stands where text was cut off, and nothing else does: beside it the rest of a secret is looked for before the text is written. */
export const CUT = '…'

/** The first `length` characters of a text, with the mark of a cut where there were more. */
export const cutText = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}${CUT}` : text

/** The beginning of a foreign text on one line, cut after `length` characters. */
export const firstWords = (text: string, length: number): string =>
  cutText(
    cutText(text, 2 * length)
      .replaceAll(/\s+/g, ' ')
      .trim(),
    length,
  )
