/** What to write instead, by the word that is not known. */
export type Hints = Readonly<Record<string, string>>

/** The same hint for several words. */
export const sameHint = (words: readonly string[], hint: string): Hints =>
  Object.fromEntries(words.map((word) => [word, hint]))

/** What a table says of a word; null where there is no table, or nothing in it. */
export const ofWord = <Value>(table: Readonly<Record<string, Value>> | null, word: string): Value | null =>
  table !== null && Object.hasOwn(table, word) ? (table[word] ?? null) : null
