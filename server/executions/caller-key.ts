/** An `Idempotency-Key` as it is stored: whatever a caller sends, it is never a key of a schedule or a webhook. */
export const callerKey = (key: string): string => `caller:${key}`
