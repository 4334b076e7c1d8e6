import { DomainError } from '../domain-error'
import { parameterText } from '../pagination/build-url'
import type { Auth } from '../playbook/playbook'
import { evaluateTemplate, type Scope } from '../playbook/template/evaluate-template'
import {
  isSecretText,
  joinText,
  resolveSecretText,
  secretText,
  type SecretText,
} from '../playbook/template/secret-text'

/** What a step's `auth` adds to its request. `derived` are secrets made of secrets, known by a name of their own. */
type AuthParts = {
  headers: Record<string, unknown>
  params: Record<string, unknown>
  derived: ReadonlyMap<string, string>
}

/** Name under which the encoded user and password of basic auth are kept; no playbook can write it. */
const BASIC = 'auth: basic'

/** Evaluates `auth` for one element. Throws TemplateError, or `invalid_playbook` for what needs a token from elsewhere first. */
export function compileAuth(auth: Auth | null, scope: Scope, secrets: ReadonlyMap<string, string>): AuthParts {
  const none: AuthParts = { headers: {}, params: {}, derived: new Map() }
  if (auth === null) return none
  switch (auth.type) {
    case 'bearer':
      return { ...none, headers: { authorization: joinText(['Bearer ', credential(auth.token, scope)]) } }
    case 'basic': {
      const pair = joinText([credential(auth.username, scope), ':', credential(auth.password, scope)])
      const derived = new Map([[BASIC, base64(String(resolveSecretText(pair, secrets)))]])
      return { ...none, headers: { authorization: joinText(['Basic ', secretText(BASIC)]) }, derived }
    }
    case 'api_key': {
      const value = credential(auth.value, scope)
      return auth.in === 'query'
        ? { ...none, params: { [auth.name]: value } }
        : { ...none, headers: { [auth.name.toLowerCase()]: value } }
    }
    case 'oauth2_client_credentials':
    case 'credential':
      throw new DomainError('invalid_playbook', `auth of type ${auth.type} can't be used yet`, {
        hint: 'use bearer, basic or api_key with a secret',
      })
  }
}

function credential(template: string, scope: Scope): string | SecretText {
  const value = evaluateTemplate(template, scope)
  return isSecretText(value) ? value : parameterText(value)
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
