/** Access tokens that were given for something. */
export type GivenTokens = {
  /** Another list once there is another token. */
  list: () => readonly string[]
  add: (token: string) => void
}

/** Tokens before that are worth masking: an API may echo the one it just refused, not one of an hour ago. */
const MOST_TOKENS = 16
const MOST_EXECUTIONS = 200

const byExecution = new Map<string, GivenTokens>()

/**
 * The tokens that the elements of an execution were given in this process: what one of them sent an API may tell another
 * one, which has no token of its own.
 */
export function tokensOf(executionId: string): GivenTokens {
  const tokens = byExecution.get(executionId) ?? createGivenTokens()
  byExecution.delete(executionId)
  byExecution.set(executionId, tokens)
  if (byExecution.size > MOST_EXECUTIONS) byExecution.delete(byExecution.keys().next().value ?? '')
  return tokens
}

export function createGivenTokens(): GivenTokens {
  let tokens: readonly string[] = []
  return {
    list: () => tokens,
    add(token) {
      if (!tokens.includes(token)) tokens = [...tokens, token].slice(-MOST_TOKENS)
    },
  }
}
