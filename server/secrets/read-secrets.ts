/** Values by name: the environment (`PAGETURNER_SECRET_<NAME>`), then the store, then the defaults. Throws DomainError('missing_secret'). */
export function readSecrets(names: readonly string[]): Promise<Map<string, string>> {
  throw new Error(`not yet: ${names.join()}`)
}
