import type { Clue } from './clues'
import type { SentRequest } from './sent-values'

/** What a pagination is guessed from: the first answer and the request that it answers. */
export type FirstAnswer = {
  /** Where the answer came from. */
  url: string
  clues: readonly Clue[]
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>
  items: readonly unknown[]
  /** True where the body is the list itself, so that nothing beside it can tell of more. */
  isBare: boolean
  sent: SentRequest
}
