const PREFIX = 'caller:'

/** An `Idempotency-Key` as it is stored: whatever a caller sends, it is never a key of a schedule or a webhook. */
export const callerKey = (key: string): string => `${PREFIX}${key}`

/** The same before callers had a name space of their own; null for a key of ours. */
export const olderCallerKey = (stored: string): string | null =>
  stored.startsWith(PREFIX) ? stored.slice(PREFIX.length) : null
