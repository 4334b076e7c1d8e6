import { DomainError } from '../../domain-error'

export type SecretPart = string | { readonly secret: string }

/** Text with secrets in it that aren't known yet: what `{{ secret.NAME }}` evaluates to. */
export type SecretText = { readonly kind: 'secret_text'; readonly parts: readonly SecretPart[] }

/** What stands for a secret in all that is stored or shown. */
export const SECRET_MASK = '•••'

/** An API may answer with JSON that looks like a SecretText; only those made here are. */
const genuine = new WeakSet<object>()

/** The value of `{{ secret.NAME }}`. */
export const secretText = (name: string): SecretText => makeSecretText([{ secret: name }])

export const isSecretText = (value: unknown): value is SecretText =>
  typeof value === 'object' && value !== null && genuine.has(value)

/** A secret's own length is not known here: so many characters are charged for each. */
const SECRET_LENGTH = 1024

/** How long a text may become once the secrets in it are known; for limits only. */
export function lengthOfText(part: string | SecretText): number {
  if (typeof part === 'string') return part.length
  return part.parts.reduce((sum, each) => sum + (typeof each === 'string' ? each.length : SECRET_LENGTH), 0)
}

/** Texts and secrets joined in order: text when no secret is among them. */
export function joinText(parts: readonly (string | SecretText)[]): string | SecretText {
  if (parts.every((part) => typeof part === 'string')) return parts.join('')
  const joined: SecretPart[] = []
  for (const part of parts.flatMap((each) => (typeof each === 'string' ? [each] : each.parts))) {
    const last = joined.at(-1)
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part
    else if (part !== '') joined.push(part)
  }
  return makeSecretText(joined)
}

/** Deep copy with every secret put in; for the worker, while it builds a request. Throws `DomainError('missing_secret')`. */
export function resolveSecretText(value: unknown, secrets: ReadonlyMap<string, string>): unknown {
  return replaceSecretText(value, (text) =>
    text.parts.map((part) => (typeof part === 'string' ? part : requireSecret(part.secret, secrets))).join(''),
  )
}

/** Deep copy with `•••` where secrets are; for everything that is stored or shown. */
export function maskSecretText(value: unknown): unknown {
  return replaceSecretText(value, (text) =>
    text.parts.map((part) => (typeof part === 'string' ? part : SECRET_MASK)).join(''),
  )
}

/** Names of the secrets inside an evaluated value, each once. */
export function secretNames(value: unknown): string[] {
  const names = new Set<string>()
  replaceSecretText(value, (text) => {
    for (const part of text.parts) if (typeof part !== 'string') names.add(part.secret)
    return ''
  })
  return [...names]
}

/** A value without any SecretText inside is returned as it is, not copied. */
function replaceSecretText(value: unknown, replace: (text: SecretText) => string): unknown {
  if (isSecretText(value)) return replace(value)
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item: unknown) => replaceSecretText(item, replace))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (typeof value !== 'object' || value === null) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return value
  const copy: Record<string, unknown> = Object.create(null)
  let changed = false
  for (const [key, item] of Object.entries(value)) {
    copy[key] = replaceSecretText(item, replace)
    changed ||= copy[key] !== item
  }
  return changed ? copy : value
}

function requireSecret(name: string, secrets: ReadonlyMap<string, string>): string {
  const value = secrets.get(name)
  if (value !== undefined) return value
  throw new DomainError('missing_secret', `The secret ${name} is not known here.`, {
    hint: `Set PAGETURNER_SECRET_${name}, or store it under Secrets.`,
  })
}

function makeSecretText(parts: readonly SecretPart[]): SecretText {
  const text: SecretText = Object.freeze({ kind: 'secret_text', parts: Object.freeze([...parts]) })
  genuine.add(text)
  return text
}
