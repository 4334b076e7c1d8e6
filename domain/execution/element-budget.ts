import { CREDENTIAL_HEADERS } from '../pagination/build-request'
import { holdsSecret, type RequestDraft } from '../pagination/request-draft'
import type { HttpStep } from '../playbook/playbook'
import type { AuthParts } from './element-auth'

/** A step's `rate_limit`, and who the API counts the requests for: secrets by their names, never their values. */
export type ElementBudget = { requests: number; perSeconds: number; credential: unknown }

/** The budget of an element's requests; null without `rate_limit`. */
export function compileBudget(
  rateLimit: HttpStep['rateLimit'],
  auth: AuthParts,
  written: RequestDraft,
): ElementBudget | null {
  if (rateLimit === null) return null
  const ofHeaders = Object.entries(written.headers).filter(
    ([name, value]) => CREDENTIAL_HEADERS.includes(name) || holdsSecret(value),
  )
  const ofParams = Object.entries(written.params).filter(([, value]) => holdsSecret(value))
  return { ...rateLimit, credential: [auth.identity, ofHeaders, ofParams] }
}
