import { WITHOUT_TOKEN } from '../auth/bearer-token'
import type { TokenRequest } from '../auth/token-request'
import { DomainError } from '../domain-error'
import { parameterText } from '../pagination/build-url'
import { readStoredAuth } from '../playbook/normalize/normalize-auth'
import type { Auth, WrittenAuth } from '../playbook/playbook'
import type { Evaluate } from '../playbook/template/evaluate-template'
import {
  isSecretText,
  joinText,
  resolveSecretText,
  secretText,
  type SecretText,
} from '../playbook/template/secret-text'

type Text = string | SecretText

/** What a step's `auth` adds to its request. */
export type AuthParts = {
  headers: Record<string, unknown>
  params: Record<string, unknown>
  /** Secrets made of secrets, known by a name that no playbook can write. */
  derived: ReadonlyMap<string, string>
  /** What the token of the request is to be fetched with; null: it needs none. */
  token: TokenRequest | null
  /** Who the API takes us for, secrets by their names; null without auth. */
  identity: unknown
}

const NONE: AuthParts = { headers: {}, params: {}, derived: new Map(), token: null, identity: null }
const BASIC = 'auth: basic'
const TOKEN = 'auth: access token'

/** What is secret in an auth object, also where it is written in the open; a user name such as "admin" would blacken half of the data. */
const SECRET_KEYS: ReadonlySet<string> = new Set(['token', 'password', 'value', 'client_secret'])

/** Evaluates `auth` for one element. Throws TemplateError, or `missing_secret` for a credential that is not there or is none. */
export function compileAuth(auth: Auth | null, evaluate: Evaluate, secrets: ReadonlyMap<string, string>): AuthParts {
  if (auth === null) return NONE
  const isStored = auth.type === 'credential'
  const prefix = isStored ? `auth: ${auth.credential}.` : 'auth: '
  const known = new Map(secrets)
  const own = new Map<string, string>()
  const values: Text[] = []
  const read = (written: string, key: string): Text => {
    const value = isStored ? written : evaluated(written, evaluate)
    values.push(value)
    if (isSecretText(value) || !SECRET_KEYS.has(key)) return value
    own.set(prefix + key, value)
    known.set(prefix + key, value)
    return secretText(prefix + key)
  }
  const parts = partsOf(isStored ? storedAuth(auth.credential, secrets) : auth, read, known)
  return {
    ...parts,
    derived: new Map([...own, ...parts.derived]),
    identity: isStored ? ['credential', auth.credential] : [auth.type, ...values],
  }
}

function partsOf(
  auth: WrittenAuth,
  read: (text: string, key: string) => Text,
  secrets: ReadonlyMap<string, string>,
): AuthParts {
  const resolve = (text: Text): string => String(resolveSecretText(text, secrets))
  switch (auth.type) {
    case 'bearer':
      return { ...NONE, headers: { authorization: joinText(['Bearer ', read(auth.token, 'token')]) } }
    case 'basic': {
      const pair = joinText([read(auth.username, 'username'), ':', read(auth.password, 'password')])
      const headers = { authorization: joinText(['Basic ', secretText(BASIC)]) }
      return { ...NONE, headers, derived: new Map([[BASIC, base64(resolve(pair))]]) }
    }
    case 'api_key': {
      const value = read(auth.value, 'value')
      return auth.in === 'query'
        ? { ...NONE, params: { [auth.name]: value } }
        : { ...NONE, headers: { [auth.name.toLowerCase()]: value } }
    }
    case 'oauth2_client_credentials': {
      const url = read(auth.tokenUrl, 'token_url')
      const clientId = read(auth.clientId, 'client_id')
      const clientSecret = read(auth.clientSecret, 'client_secret')
      const scope = auth.scope === null ? null : read(auth.scope, 'scope')
      const audience = auth.audience === null ? null : read(auth.audience, 'audience')
      return {
        ...NONE,
        headers: { authorization: joinText([WITHOUT_TOKEN, secretText(TOKEN)]) },
        // Empty until the request goes out: a token lives shorter than a plan.
        derived: new Map([[TOKEN, '']]),
        token: {
          url: resolve(url),
          clientId: resolve(clientId),
          clientSecret: resolve(clientSecret),
          scope: scope === null ? null : resolve(scope),
          audience: audience === null ? null : resolve(audience),
        },
      }
    }
  }
}

function storedAuth(name: string, secrets: ReadonlyMap<string, string>): WrittenAuth {
  const json = secrets.get(name)
  if (json === undefined) throw new DomainError('missing_secret', `There is no value for the credential ${name}.`)
  const auth = readStoredAuth(json)
  if (!('problem' in auth)) return auth
  throw new DomainError('missing_secret', `The secret ${name} can't be used as a credential: ${auth.problem}.`, {
    hint: `Store an auth object under Secrets as ${name}: JSON with type bearer, basic, api_key or oauth2_client_credentials.`,
  })
}

function evaluated(template: string, evaluate: Evaluate): Text {
  const value = evaluate(template)
  return isSecretText(value) ? value : parameterText(value)
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
