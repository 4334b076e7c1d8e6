import type { PaginateSource } from '../schema/paginate-schema'
import type { Reporter } from '../text/reporter'
import { checkPath } from './check-path'

/** Reports keys of `paginate` that exclude each other, paths that can't be read, and pages without end. */
export function checkPaginate(source: PaginateSource, pointer: string, report: Reporter): void {
  checkPath(source.items, `${pointer}/items`, report)
  checkPath(source.dedupe, `${pointer}/dedupe`, report)
  for (const key of ['has_more_path', 'total_items_path', 'total_pages_path'] as const) {
    checkPath(source.stop?.[key], `${pointer}/stop/${key}`, report)
  }
  checkOwnPaths(source, pointer, report)
  if (source.type === 'cursor' && (source.path === undefined) === (source.header === undefined)) {
    const message =
      source.path === undefined
        ? '`path` or `header` is missing: where the cursor is'
        : '`path` and `header` exclude each other'
    report.key({ code: source.path === undefined ? 'missing' : 'conflict', message }, pointer)
  }
  if (source.type === 'page' && source.limit !== undefined && source.limit_param === undefined) {
    const message = '`limit_param` is missing: the parameter that takes the limit'
    report.value({ code: 'missing', message }, `${pointer}/limit`)
  }
  if (source.type === 'auto' && source.in === 'path') {
    const hint = 'Write the type, and its param: the name of the place in the URL.'
    report.value(
      { code: 'conflict', message: '`auto` can not tell which place of the path is for the token', hint },
      `${pointer}/in`,
    )
  }
  if (source.stop?.short_page === true && !hasLimit(source)) {
    const message = '`short_page` needs `limit`: without it no page is short'
    report.key({ code: 'conflict', message }, `${pointer}/stop/short_page`)
  }
  if (endsByItself(source)) return
  const hint = 'Keep empty_page, or say when to stop: has_more_path, total_items_path, when, max_pages …'
  report.key({ code: 'endless', message: 'this pagination can never end', hint }, pointer)
}

function checkOwnPaths(source: PaginateSource, pointer: string, report: Reporter): void {
  switch (source.type) {
    case 'cursor':
    case 'next_url':
      return checkPath(source.path, `${pointer}/path`, report)
    case 'last_record':
      return checkPath(source.field, `${pointer}/field`, report)
    case 'graphql':
      return checkPath(source.page_info, `${pointer}/page_info`, report)
    case 'page':
    case 'offset':
    case 'link':
    case 'auto':
    case 'none':
      return
  }
}

const hasLimit = (source: PaginateSource): boolean =>
  source.type === 'page' || source.type === 'offset' ? source.limit !== undefined : false

/** Numbers can be counted up for ever; tokens and links end when the API gives no more of them. */
function endsByItself(source: PaginateSource): boolean {
  if (source.type !== 'page' && source.type !== 'offset' && source.type !== 'last_record') return true
  const { stop } = source
  if (stop === undefined || stop.empty_page || stop.short_page || stop.status_codes.length > 0) return true
  const ends = [
    stop.has_more_path,
    stop.total_items_path,
    stop.total_items_header,
    stop.total_pages_path,
    stop.when,
    stop.item_when,
    stop.max_pages,
    stop.max_items,
  ]
  return ends.some((end) => end !== undefined)
}
