import type { PageFaultKind } from '@/domain/pagination/page-fault'
import type { StopReason, WarningKind } from '@/domain/pagination/stop-reason'

/** Why an iteration ended, in the words of the reference. */
export const STOP_WORDS: Readonly<Record<StopReason, string>> = {
  no_next: 'The answer gave no token, URL or link to go on with.',
  has_more_false: 'The API said that there is no more (`has_more_path`, `pageInfo`).',
  total_reached: 'As many items or pages came as the API counts.',
  empty_page: 'A page had no items (`empty_page`), or no body (204).',
  short_page: 'A page had fewer items than asked for (`short_page`).',
  stop_status: 'A status of `status_codes` came.',
  when_true: '`when` or `item_when` held.',
  while_false: '`while` did not hold any more.',
  max_pages: '`max_pages`, or `max_attempts` of `on_success`, was reached.',
  max_items: '`max_items` was reached.',
  repeated_page: 'A page came again, and `on_page_error: stop` keeps what there is.',
  single_page: 'The step asks for one page, or `auto` found no sign of another.',
  page_error: 'A page failed for good, and `on_page_error: stop` keeps what there is.',
}

/** What stops nothing but is always shown. */
export const WARNING_WORDS: Readonly<Record<WarningKind, string>> = {
  more_available: 'A limit ended it while the API had more, or while nothing said that this was all.',
  total_mismatch: 'Not as many unique items came as the API counts.',
  server_page_size_differs: 'The server gives pages of another size than asked for.',
  repeated_page: 'Two pages had the same items.',
  graphql_partial: 'GraphQL gave data and errors.',
  credentials_stripped: 'A page came from another origin, which got no credentials.',
  empty_page_before_total: 'An empty page came before as many items as the API counts.',
  page_skipped: 'A page that failed was left out (`on_page_error: skip`).',
  duplicates_dropped: 'Items that came before were dropped (`dedupe`).',
  partial_answer: 'A good answer names errors, or says of itself that it is not whole.',
  params_left_out: 'A next URL leaves out parameters that the first request sent.',
  repeated_items: 'A page began with items of the page before, which are twice in the result without `dedupe`.',
  field_not_unique:
    'The `field` of `last_record` is not unique, so items beside the last one of a page may be missing.',
}

/** What ends a page; `error.kind` in conditions. */
export const ERROR_WORDS: Readonly<Record<PageFaultKind, string>> = {
  http_error: 'A status outside 200 to 299.',
  retry_exhausted: 'All tries of the page failed.',
  wait_too_long: 'The API asks to wait longer than `max_wait`.',
  timeout: 'No answer within `timeout`, or no byte within `idle_timeout`.',
  network: 'The connection could not be made, or broke.',
  address_denied: 'The address may not be reached (private, link-local, metadata).',
  invalid_request: 'The request can not be sent as it is.',
  token_unavailable: 'No access token could be had just now.',
  token_refused: 'The token endpoint refused to give an access token.',
  aborted: 'The run was stopped.',
  decode: 'The bytes are not what charset or encoding say.',
  invalid_json: 'The body is not JSON; an empty 200 is none either.',
  wrong_content_type: 'HTML or something else came where JSON was due.',
  items_path_missing: 'There are no items at `items` or `collect.path`.',
  has_more_missing: 'There is nothing at `has_more_path`.',
  has_more_invalid: 'What is at `has_more_path` is neither true nor false.',
  total_missing: 'Page 1 has no total where one should be.',
  total_invalid: 'The total is not a whole number.',
  missing_cursor: 'The API says that there is more and gives nothing to ask for it with.',
  loop_detected: 'A token, a request or a page came that had come before.',
  bad_next_url: 'The next URL is none.',
  bad_link_header: 'The Link header breaks RFC 8288.',
  cross_origin_denied: 'A next URL or redirect leads to an origin that `cross_origin` does not allow.',
  redirect_limit: 'More than 5 redirects.',
  response_too_large: 'More bytes than `max_response_bytes`.',
  graphql_errors: 'GraphQL gave errors and no data.',
  missing_page_info: 'There is no pageInfo at `page_info`.',
  api_error: '`fail_when` held for a good status.',
  auto_unproven: '`type: auto` saw signs of more, and no way to it held.',
  template: 'An expression could not be evaluated.',
}
