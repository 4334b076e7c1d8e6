import { createRedactor, type Redactor } from '../secrets/redact'
import { createGivenTokens, type GivenTokens } from './given-tokens'

/** The secret values of one element's work, and the redactor that masks them all. */
export type HiddenValues = {
  redactor: () => Redactor
  /** The access tokens that are masked. */
  tokens: () => readonly string[]
  /** Another access token, known before anything that may hold it is written. */
  add: (token: string) => void
}

/** `known` masks `secrets` already; without it a redactor is made. `given` are tokens of others, and get those of this one. */
export function createHiddenValues(
  secrets: ReadonlyMap<string, string>,
  known: Redactor | null,
  given: GivenTokens = createGivenTokens(),
): HiddenValues {
  // Others may be given more tokens than are remembered: its own it always knows.
  const own = createGivenTokens()
  const lists = (): readonly (readonly string[])[] => [own.list(), given.list()]
  const values = (): string[] => [...new Set([...secrets.values(), ...lists().flat()])]
  let masked = lists()
  let redactor = known !== null && masked.flat().length === 0 ? known : createRedactor(values())
  return {
    tokens: () => [...new Set(lists().flat())],
    redactor() {
      const now = lists()
      if (now.some((list, index) => list !== masked[index])) {
        masked = now
        redactor = createRedactor(values())
      }
      return redactor
    },
    add(token) {
      own.add(token)
      given.add(token)
    },
  }
}
