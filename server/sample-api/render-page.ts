import { readCursorWindow, readMixedWindow, readPageWindow, writeCursor, type Window } from './read-parameters'
import { renderItem, type Collection } from './sample-items'

/** The JSON of one page, by path; the keys are those of the API, nothing added. Throws BadParameter. */
export const PAGES: Readonly<Record<string, (query: URLSearchParams) => string>> = {
  '/api/v1/assessments': (query) => renderPaged('assessments', readPageWindow(query)),
  '/api/v1/users': (query) => renderUsers(readMixedWindow(query)),
  '/api/v1/events': (query) => renderEvents(readCursorWindow(query)),
  '/api/v1/flaky': (query) => renderPaged('flaky', readPageWindow(query)),
}

function renderPaged(collection: Collection, window: Window): string {
  return `{"data":${renderItems(collection, window)},"paging":${renderPaging(window)}}`
}

function renderUsers(window: Window): string {
  const items = renderItems('users', window)
  const { offset, size, total } = window
  return `{"users":${items},"data":${items},"has_more":${hasMore(window)},"offset":${offset},"limit":${size},"total":${total},"paging":${renderPaging(window)}}`
}

function renderEvents(window: Window): string {
  const next = hasMore(window) ? JSON.stringify(writeCursor(window.offset + window.size)) : 'null'
  return `{"events":${renderItems('events', window)},"next_cursor":${next},"limit":${window.size}}`
}

const renderPaging = (window: Window): string =>
  `{"hasMore":${hasMore(window)},"page":${window.page},"pageSize":${window.size},"total":${window.total}}`

const hasMore = ({ offset, size, total }: Window): boolean => offset + size < total

function renderItems(collection: Collection, { offset, size, total, itemBytes }: Window): string {
  const count = Math.max(0, Math.min(size, total - offset))
  return `[${Array.from({ length: count }, (_, index) => renderItem(collection, offset + index + 1, itemBytes)).join(',')}]`
}
