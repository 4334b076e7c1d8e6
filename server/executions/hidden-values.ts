import { createRedactor, type Redactor } from '../secrets/redact'

/** The secret values of one element's work, and the redactor that masks them all. */
export type HiddenValues = {
  redactor: () => Redactor
  values: () => string[]
  /** Another access token, known before anything that may hold it is written. */
  add: (token: string) => void
}

/** Tokens before that are worth masking: an API may echo the one it just refused, not one of an hour ago. */
const MOST_TOKENS = 4

/** `known` masks `secrets` already; without it a redactor is made. */
export function createHiddenValues(secrets: ReadonlyMap<string, string>, known: Redactor | null): HiddenValues {
  let tokens: string[] = []
  const values = (): string[] => [...secrets.values(), ...tokens]
  let redactor = known ?? createRedactor(values())
  return {
    redactor: () => redactor,
    values,
    add(token) {
      if (tokens.includes(token)) return
      tokens = [...tokens, token].slice(-MOST_TOKENS)
      redactor = createRedactor(values())
    },
  }
}
