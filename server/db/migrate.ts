/** Brings the database at `url` to this version's schema and roles. Safe to call at every start and by several processes at once. */
export function migrateDatabase(url: string): Promise<{ applied: string[] }> {
  throw new Error(`not yet: ${url}`)
}
