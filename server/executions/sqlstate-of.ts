/** The SQLSTATE a database gave, by itself or as the cause of an error of ours. */
export function sqlstateOf(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code
  }
  return null
}

/** Two transactions met (serialization failure, deadlock): the one that was undone may simply be done again. */
export const isConflict = (error: unknown): boolean => /^40(?:001|P01)$/.test(sqlstateOf(error) ?? '')
