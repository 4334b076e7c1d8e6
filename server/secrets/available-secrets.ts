import { env } from '../env'
import { SAMPLE_API_SECRET } from './read-secrets'
import { listSecrets } from './secret-store'

/** Names that `readSecrets` finds a value for, as far as this process can tell: workers may be given others. */
export async function availableSecrets(): Promise<string[]> {
  const stored = await listSecrets()
  return [...env.SECRETS.keys(), ...stored.map(({ name }) => name), SAMPLE_API_SECRET]
}
