/** Why no further page was asked for (playbook.md); `page_error` is `on_page_error: stop` ending on a page that failed. */
export const STOP_REASONS = [
  'no_next',
  'has_more_false',
  'total_reached',
  'empty_page',
  'short_page',
  'stop_status',
  'when_true',
  'while_false',
  'max_pages',
  'max_items',
  'repeated_page',
  'single_page',
  'page_error',
] as const
export type StopReason = (typeof STOP_REASONS)[number]

/** What doesn't end a run but is always shown; `page_skipped` and `duplicates_dropped` count what was left out on request. */
export const WARNING_KINDS = [
  'more_available',
  'total_mismatch',
  'server_page_size_differs',
  'repeated_page',
  'graphql_partial',
  'credentials_stripped',
  'empty_page_before_total',
  'page_skipped',
  'duplicates_dropped',
  'field_not_unique',
  'repeated_items',
  'partial_answer',
  'params_left_out',
] as const
export type WarningKind = (typeof WARNING_KINDS)[number]

/** One line per kind: `page` is where it was seen first, `count` how often. */
export type PageWarning = { kind: WarningKind; message: string; page: number; count: number }
