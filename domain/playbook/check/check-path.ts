import { parseBodyPath } from '../../pagination/item-path'
import { DomainError } from '../../domain-error'
import type { Reporter } from '../text/reporter'

/** Reports a path into a body that can't be read. */
export function checkPath(path: string | undefined, pointer: string, report: Reporter): void {
  if (path === undefined) return
  try {
    parseBodyPath(path)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const finding = { code: 'invalid_path', message: error.message }
    report.value(error.hint === null ? finding : { ...finding, hint: error.hint }, pointer)
  }
}
