import type { Problem } from '@/domain/api/problem'
import { RequestFailed } from './request-json'

/** Whatever went wrong, as something a person can read. */
export function problemOf(error: unknown): Problem {
  if (error instanceof RequestFailed) return error.problem
  return {
    type: 'about:blank',
    title: 'This part of the page failed',
    status: 0,
    detail: error instanceof Error ? error.message : String(error),
    code: 'unavailable',
    hint: 'Reload the page. If it happens again, it is a fault of ours.',
    errors: [],
  }
}
