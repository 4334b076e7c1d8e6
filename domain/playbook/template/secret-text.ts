/** Text with secrets in it that aren't known yet: what `{{ secret.NAME }}` evaluates to. */
export type SecretText = {
  readonly kind: 'secret_text'
  readonly parts: readonly (string | { readonly secret: string })[]
}

/** Deep copy with every secret put in; for the worker, while it builds a request. Throws `DomainError('missing_secret')`. */
export function resolveSecretText(_value: unknown, _secrets: ReadonlyMap<string, string>): unknown {
  throw new Error('not written yet')
}

/** Deep copy with `•••` where secrets are; for everything that is stored or shown. */
export function maskSecretText(_value: unknown): unknown {
  throw new Error('not written yet')
}
