import type { ValidateAnswer } from '@/domain/api/playbooks'
import { env } from '../env'
import { log } from '../log'
import { availableSecrets } from '../secrets/available-secrets'

/** What templates will find outside of playbooks, by name; secrets are not known while the database does not answer. */
export async function knownOutside(): Promise<ValidateAnswer['outside']> {
  return { env: Object.keys(env.TEMPLATE_ENV), secrets: await secretsKnown() }
}

async function secretsKnown(): Promise<string[] | null> {
  try {
    return await availableSecrets()
  } catch (error) {
    // A text can be checked without them, and its editor opened.
    log().warn({ err: error }, 'the names of secrets could not be read')
    return null
  }
}
