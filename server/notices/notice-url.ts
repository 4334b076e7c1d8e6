import { DomainError } from '@/domain/domain-error'
import { evaluateTemplate } from '@/domain/playbook/template/evaluate-template'
import { resolveSecretText, secretNames } from '@/domain/playbook/template/secret-text'
import { TemplateError } from '@/domain/playbook/template/template-error'
import { readSecrets } from '../secrets/read-secrets'

/** Refuses an address that could never be sent to. Throws DomainError('invalid_request'). */
export function checkNoticeUrl(url: string): void {
  const value = evaluate(url)
  if (secretNames(value).length > 0) return
  const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return
  throw wrong(`This is no address: write http:// or https:// and a host.`)
}

/** The address with its secrets put in, and those secrets. Throws DomainError: `missing_secret`, `invalid_request`. */
export async function resolveNoticeUrl(url: string): Promise<{ url: string; secrets: string[] }> {
  const value = evaluate(url)
  const secrets = await readSecrets(secretNames(value))
  return { url: String(resolveSecretText(value, secrets)), secrets: [...secrets.values()] }
}

function evaluate(url: string): unknown {
  try {
    return evaluateTemplate(url, {})
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    throw wrong(`Only {{ secret.NAME }} can be used here: ${error.message}.`)
  }
}

const wrong = (message: string): DomainError =>
  new DomainError('invalid_request', message, { places: [{ path: 'url', message }] })
