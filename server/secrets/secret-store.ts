export type StoredSecret = { name: string; version: number; createdAt: Date; updatedAt: Date }

/** Encrypts and stores; a name that exists gets its next version. */
export function putSecret(name: string, value: string): Promise<StoredSecret> {
  throw new Error(`not yet: ${name}${value.length}`)
}

/** Names and versions, never values. */
export function listSecrets(): Promise<StoredSecret[]> {
  throw new Error('not yet')
}

/** False when there was none. */
export function deleteSecret(name: string): Promise<boolean> {
  throw new Error(`not yet: ${name}`)
}
