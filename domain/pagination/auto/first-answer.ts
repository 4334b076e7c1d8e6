import type { Clue } from './clues'

/** What a pagination is guessed from: the first answer and the request that it answers. */
export type FirstAnswer = {
  /** Where the answer came from. */
  url: string
  clues: readonly Clue[]
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>
  items: readonly unknown[]
  /** Parameters of the query as sent. */
  params: Readonly<Record<string, unknown>>
  /** The JSON body as sent; undefined: none. */
  json: unknown
}
