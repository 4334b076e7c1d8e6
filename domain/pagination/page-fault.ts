/** Every way a page can be wrong (playbook.md, "Nothing is cut off silently"), and `template` for an expression that fails. */
export type PageFaultKind =
  | 'http_error'
  | 'retry_exhausted'
  | 'wait_too_long'
  | 'timeout'
  | 'network'
  | 'address_denied'
  | 'invalid_request'
  | 'token_unavailable'
  | 'token_refused'
  | 'aborted'
  | 'decode'
  | 'invalid_json'
  | 'wrong_content_type'
  | 'items_path_missing'
  | 'has_more_missing'
  | 'has_more_invalid'
  | 'total_missing'
  | 'total_invalid'
  | 'missing_cursor'
  | 'loop_detected'
  | 'bad_next_url'
  | 'bad_link_header'
  | 'cross_origin_denied'
  | 'redirect_limit'
  | 'response_too_large'
  | 'graphql_errors'
  | 'missing_page_info'
  | 'api_error'
  /** `paginate: {type: auto}` found no way to page 2 that holds. */
  | 'auto_unproven'
  | 'template'

/** Thrown while a page is read and caught once, in `readPage`: what was asked, what came back, what to do. */
export class PageFault extends Error {
  readonly kind: PageFaultKind
  readonly hint: string | null

  constructor(kind: PageFaultKind, message: string, hint: string | null = null) {
    super(message)
    this.name = 'PageFault'
    this.kind = kind
    this.hint = hint
  }
}
