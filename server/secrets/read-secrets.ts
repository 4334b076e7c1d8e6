import { DomainError } from '@/domain/domain-error'
import { env } from '../env'
import { openSecrets } from './open-secrets'

/** Without a value it is where the sample API listens. */
export const SAMPLE_API_SECRET = 'PAGINATED_API_URL'

/**
 * Values by name: the environment (`PAGETURNER_SECRET_<NAME>`) wins, then the store, then the address of the sample API
 * for PAGINATED_API_URL. `others` may have none: they are only to be masked. Throws DomainError('missing_secret') that
 * names every one there is no value for.
 */
export async function readSecrets(
  names: readonly string[],
  others: readonly string[] = [],
): Promise<Map<string, string>> {
  const wanted = [...new Set(names)]
  const beside = [...new Set(others)].filter((name) => !wanted.includes(name))
  const isStored = (name: string): boolean => !env.SECRETS.has(name)
  const stored = await openSecrets(wanted.filter(isStored), beside.filter(isStored))
  const values = new Map<string, string>()
  for (const name of [...wanted, ...beside]) {
    const value = env.SECRETS.get(name) ?? stored.get(name) ?? defaultOf(name)
    if (value !== undefined) values.set(name, value)
  }
  const missing = wanted.filter((name) => !values.has(name))
  if (missing.length > 0) throw missingSecrets(missing)
  return values
}

const defaultOf = (name: string): string | undefined =>
  name === SAMPLE_API_SECRET ? `http://localhost:${env.PAGETURNER_SAMPLE_PORT}` : undefined

const missingSecrets = (names: readonly string[]): DomainError =>
  new DomainError('missing_secret', `There is no value for ${names.map((name) => `secret.${name}`).join(', ')}.`, {
    hint: `Store it under Secrets (PUT /api/secrets/${names[0]}), or set PAGETURNER_SECRET_${names[0]} for the worker.`,
  })
