import type { TokenRequest } from '../auth/token-request'
import { DomainError } from '../domain-error'
import { draftOrigin, type SendSettings } from '../pagination/build-request'
import { isObject } from '../pagination/item-path'
import { checkPlace, leaveOut } from '../pagination/place-token'
import { lowerCaseKeys, readMethod } from '../pagination/next-call'
import type { ReadingPlan } from '../pagination/read-page'
import { applyPatch, mergePatches, type DraftBody, type RequestDraft } from '../pagination/request-draft'
import type { ErrorPolicy } from '../playbook/pagination-plan'
import type { HttpStep } from '../playbook/playbook'
import { budgetAtOnce } from '../playbook/template/budget'
import { evaluateTemplate, renderDeep, type Scope } from '../playbook/template/evaluate-template'
import { isSecretText } from '../playbook/template/secret-text'
import { compileAuth } from './element-auth'
import { compileBudget, type ElementBudget } from './element-budget'
import { compilePagination } from './element-paginator'
import { readsResult } from './result-scope'

/** Everything that is fixed for one element before its first request. Secret values are in `secrets` only. */
export type ElementPlan = ReadingPlan &
  SendSettings & {
    step: string
    index: number
    policies: readonly ErrorPolicy[]
    /** Page number or offset of the first page; null where the API gives the tokens. */
    firstToken: number | null
    /** What the bearer token of its requests is fetched with; null: they need none. */
    tokenRequest: TokenRequest | null
    budget: ElementBudget | null
    /** True when `result` or `this` is to be in the scope of a page's followers. */
    readsResult: boolean
  }

/** Evaluates an http step's templates for one element. Throws TemplateError, or DomainError when a value can't be used. */
export function compileElementPlan(input: {
  step: HttpStep
  /** The iteration's index; 0 without a loop. */
  index: number
  scope: Scope
  secrets: ReadonlyMap<string, string>
}): ElementPlan {
  const { step, scope } = input
  // Nothing else has its turn before all of them are evaluated.
  const budget = budgetAtOnce()
  const evaluate = (template: string): unknown => evaluateTemplate(template, scope, budget)
  const render = (value: unknown): unknown => renderDeep(value, scope, budget)
  const auth = compileAuth(step.auth, evaluate, input.secrets)
  const secrets = auth.derived.size === 0 ? input.secrets : new Map([...input.secrets, ...auth.derived])
  const pagination = compilePagination(step.pagination, evaluate)
  const written: RequestDraft = {
    method: readMethod(evaluate(step.method)),
    url: evaluate(step.url),
    params: { ...readRecord(step.params, 'params', render), ...auth.params },
    headers: {
      accept: 'application/json',
      ...lowerCaseKeys(readRecord(step.headers, 'headers', render)),
      ...auth.headers,
    },
    body: readBody(step, render),
    path: {},
  }
  const { source, place } = pagination.paginator
  if ('param' in source) checkPlace(written, place, source.param)
  const hasToken = pagination.token !== null && pagination.paginator.injectFirst
  const without = 'param' in source && !hasToken ? leaveOut(written, place, source.param) : {}
  const first = applyPatch(written, mergePatches(pagination.patch, without))
  const settings: SendSettings = {
    secrets,
    homeOrigin: draftOrigin(first, secrets),
    allowedOrigins: step.crossOrigin.map((origin) => readOrigin(evaluate(origin))),
    timeoutMs: step.timeoutSeconds * 1000,
    idleTimeoutMs: step.idleTimeoutSeconds * 1000,
    maxResponseBytes: step.maxResponseBytes,
  }
  return {
    ...settings,
    step: step.step,
    index: input.index,
    paginator: pagination.paginator,
    firstToken: pagination.token,
    first,
    policies: step.retry.onError,
    tokenRequest: auth.token,
    budget: compileBudget(step.rateLimit, auth, written),
    readsResult: readsResult(step.pagination),
    failWhen: step.failWhen,
    responseFormat: step.response,
    scope,
  }
}

type Render = (value: unknown) => unknown

function readBody(step: HttpStep, render: Render): DraftBody {
  if (step.json !== undefined) return { kind: 'json', value: render(step.json) }
  if (step.form !== null) return { kind: 'form', fields: readRecord(step.form, 'form', render) }
  if (step.body === undefined) return { kind: 'none' }
  const body = render(step.body)
  if (typeof body === 'string' || isSecretText(body)) return { kind: 'text', text: body }
  return { kind: 'json', value: body }
}

function readRecord(value: unknown, key: string, render: Render): Record<string, unknown> {
  const rendered = render(value ?? {})
  if (isObject(rendered) && !isSecretText(rendered)) return rendered
  throw new DomainError('invalid_playbook', `${key} of the request must be an object of names and values`)
}

function readOrigin(value: unknown): string {
  if (typeof value === 'string' && URL.canParse(value)) return new URL(value).origin
  throw new DomainError('invalid_playbook', `cross_origin holds ${JSON.stringify(value)}, which is not an origin`, {
    hint: 'write scheme and host, for example https://files.example.com',
  })
}
