import type { Auth, WrittenAuth } from '../playbook'
import { authSchema, type AuthSource } from '../schema/auth-schema'

/** `auth`, or `credential` in its place, of an http step. */
export function normalizeAuth(source: { auth?: AuthSource | undefined; credential?: string | undefined }): Auth | null {
  const { auth, credential } = source
  if (auth !== undefined) return writtenAuth(auth)
  return credential === undefined ? null : { type: 'credential', credential }
}

/** The auth object that a stored credential holds as JSON, its texts taken as they stand; otherwise what is wrong with it, without its values. */
export function readStoredAuth(json: string): WrittenAuth | { problem: string } {
  const parsed = authSchema.safeParse(parsedJson(json))
  if (parsed.success) return writtenAuth(parsed.data)
  const issue = parsed.error.issues[0]
  const key = issue?.path.join('.') ?? ''
  return {
    problem: key === '' ? `it must be ${authShape}` : `its \`${key}\` must be ${issue?.message ?? 'another value'}`,
  }
}

const authShape = 'JSON such as {"type": "bearer", "token": "…"}'

function writtenAuth(auth: AuthSource): WrittenAuth {
  switch (auth.type) {
    case 'bearer':
    case 'basic':
    case 'api_key':
      return auth
    case 'oauth2_client_credentials':
      return {
        type: auth.type,
        tokenUrl: auth.token_url,
        clientId: auth.client_id,
        clientSecret: auth.client_secret,
        scope: auth.scope ?? null,
        audience: auth.audience ?? null,
      }
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
