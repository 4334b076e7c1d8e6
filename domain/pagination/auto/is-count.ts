/** True for a whole number of 0 or more, be it written as text. */
export const isCount = (value: unknown): boolean =>
  (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) ||
  (typeof value === 'string' && /^\d{1,15}$/.test(value))
