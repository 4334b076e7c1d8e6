import { cutText } from '../cut-text'
import { isObject } from './item-path'
import { PageFault } from './page-fault'
import type { WarningNote } from './reconcile'

/** GraphQL reports failures in a good answer: without data they are `graphql_errors`, beside data they are a warning. */
export function checkGraphqlErrors(body: unknown, page: number): WarningNote[] {
  if (!isObject(body)) return []
  const errors = body['errors']
  if (!Array.isArray(errors) || errors.length === 0) return []
  const first: unknown = errors[0]
  const said = isObject(first) && typeof first['message'] === 'string' ? first['message'] : 'no message'
  const words = `${errors.length} GraphQL error${errors.length === 1 ? '' : 's'}, the first: ${cutText(said, 200)}`
  if (hasData(body['data'])) return [{ kind: 'graphql_partial', message: `page ${page} has data and ${words}` }]
  throw new PageFault('graphql_errors', `page ${page} has no data and ${words}`, 'check the query and its variables')
}

/** What the answer lacks beside its errors is what they are about: then these are the fault. */
export function asGraphqlErrors(fault: PageFault, warnings: readonly WarningNote[]): PageFault {
  const partial = warnings.find(({ kind }) => kind === 'graphql_partial')
  const isLack = fault.kind === 'items_path_missing' || fault.kind === 'missing_page_info'
  if (partial === undefined || !isLack) return fault
  return new PageFault('graphql_errors', `${partial.message}; ${fault.message}`, fault.hint)
}

const hasData = (data: unknown): boolean => isObject(data) && Object.values(data).some((member) => member !== null)
