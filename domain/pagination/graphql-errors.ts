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
  const words = `${errors.length} GraphQL error${errors.length === 1 ? '' : 's'}, the first: ${said.slice(0, 200)}`
  if (hasData(body['data'])) return [{ kind: 'graphql_partial', message: `page ${page} has data and ${words}` }]
  throw new PageFault('graphql_errors', `page ${page} has no data and ${words}`, 'check the query and its variables')
}

const hasData = (data: unknown): boolean => isObject(data) && Object.values(data).some((member) => member !== null)
