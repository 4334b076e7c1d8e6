import type { PageRecord } from '@/domain/execution/element-records'

/** A page by the columns of `noetl.page`, but for its number, its body and its items. */
export const pageColumns = (page: Omit<PageRecord, 'body'>) => ({
  request: page.request,
  status: page.status,
  response_headers: page.responseHeaders,
  timing: page.timing,
  started_at: page.startedAt,
  duration_ms: Math.round(page.durationMs),
  bytes: page.bytes,
  item_count: page.itemCount,
  items_path: page.itemsPath,
  next: page.next,
  fingerprints: page.fingerprints,
  attempt: page.attempt,
})
