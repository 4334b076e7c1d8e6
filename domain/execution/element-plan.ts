import type { RequestDraft } from '../pagination/request-draft'
import type { Paginator } from '../pagination/paginator'
import type { ErrorPolicy } from '../playbook/pagination-plan'
import type { HttpStep, Template } from '../playbook/playbook'
import type { Scope } from '../playbook/template/evaluate-template'

/** Everything that is fixed for one element before its first request. Holds secrets in `secrets` only. */
export type ElementPlan = {
  step: string
  index: number
  /** The first request, secrets as markers. */
  first: RequestDraft
  /** Origin the credentials were given for. */
  homeOrigin: string
  allowedOrigins: readonly string[]
  paginator: Paginator
  policies: readonly ErrorPolicy[]
  failWhen: Template | null
  responseFormat: HttpStep['response']
  timeoutMs: number
  idleTimeoutMs: number
  maxResponseBytes: number
  scope: Scope
  secrets: ReadonlyMap<string, string>
}

/** Evaluates an http step's templates for one element. Throws TemplateError, or DomainError when a value can't be used. */
export function compileElementPlan(_input: {
  step: HttpStep
  /** The iteration's index; 0 without a loop. */
  index: number
  scope: Scope
  secrets: ReadonlyMap<string, string>
}): ElementPlan {
  throw new Error('not written yet')
}
