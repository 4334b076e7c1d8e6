export type Redactor = {
  text(text: string): string
  /** A copy with every string, keys included, redacted. */
  json<T>(value: T): T
}

/** Replaces the values, in all the forms of security.md, by •••. */
export function createRedactor(values: readonly string[]): Redactor {
  throw new Error(`not yet: ${values.length}`)
}
