import type { HttpResponse } from '../http-message'
import { PageFault } from '../pagination/page-fault'
import { readResponseBody } from '../pagination/response-body'
import type { Pagination } from '../playbook/pagination-plan'
import { templateReferences } from '../playbook/template/template-references'
import { tryNames } from '../retry/try-names'
import type { ElementPlan } from './element-plan'
import type { OpenPage } from './element-state'

/** True when `retry.on_success` reads `result` or `this`. */
export function readsResult(pagination: Pagination | null): boolean {
  if (pagination?.kind !== 'while') return false
  return textsIn([pagination.while, Object.values(pagination.nextCall)]).some((text) =>
    templateReferences(text).some(({ path: [root] }) => root === 'result' || root === 'this'),
  )
}

/** The plan with `result` and `this` in its scope, where its pages are followed by them; the body is read once more for that. */
export function withResult(plan: ElementPlan, open: OpenPage, response: HttpResponse): ElementPlan {
  if (!plan.readsResult) return plan
  const names = tryNames({
    status: response.status,
    success: true,
    body: bodyOf(plan, open, response),
    attempt: open.failures + 1,
  })
  return { ...plan, scope: { result: names['result'], this: names['this'], ...plan.scope } }
}

/** What can't be read is told where the page is read. */
function bodyOf(plan: ElementPlan, open: OpenPage, response: HttpResponse): unknown {
  try {
    return readResponseBody(response, plan.responseFormat, open.page).value
  } catch (error) {
    if (error instanceof PageFault) return null
    throw error
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.includes('{{') || value.includes('{%') ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
