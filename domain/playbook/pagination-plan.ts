import type { Json } from '../json'
import type { NumberSetting, Template, TemplateJson } from './playbook'

/** When and how one page is tried again. Times are seconds. */
export type ErrorPolicy = {
  /** Over `error` (and `response` when there was one); null: the built-in list of retryable failures. */
  when: Template | null
  /** NoETL's older `stop_when`: no further try once it holds. */
  unless: Template | null
  /** Tries of one page, the first included. */
  maxAttempts: number
  initialDelay: number
  backoffMultiplier: number
  maxDelay: number
  jitter: boolean
  /** Upper case; null: the built-in rule (idempotent methods for broken connections). */
  methods: string[] | null
  /** A longer wait asked for by the API is the error `wait_too_long`. */
  maxWait: number
}

/** First match wins. Empty: the built-in policy of playbook.md ("Without an error policy …"). */
export type PlaybookRetry = { onError: ErrorPolicy[] }

export type NextCall = {
  params: TemplateJson | null
  headers: TemplateJson | null
  /** Undefined: as in the request before. */
  body?: TemplateJson
  json?: TemplateJson
  url: Template | null
  method: Template | null
}

export type Collect = {
  /** Dotted or JSONPath; '' is the whole body. */
  path: string
  /** `extend` is written down as `append`. */
  strategy: 'append' | 'replace' | 'collect'
  into: string | null
}

/** `retry.on_success`, or the success entry of the list form: go on while `while` holds. */
export type SuccessPolicy = {
  kind: 'while'
  /** Over `response`; null: always (then `maxAttempts` is a number). */
  while: Template | null
  /** The most pages; null: no limit, the loop guard ends an endless API. */
  maxAttempts: NumberSetting | null
  nextCall: NextCall
  collect: Collect | null
}

export type TokenPlace = 'query' | 'header' | 'path' | 'json' | 'form'

export type StopRules = {
  hasMorePath: string | null
  totalItemsPath: string | null
  totalItemsHeader: string | null
  totalPagesPath: string | null
  emptyPage: boolean
  shortPage: boolean
  statusCodes: number[]
  when: Template | null
  itemWhen: Template | null
  maxPages: NumberSetting | null
  maxItems: NumberSetting | null
}

type PaginateCommon = {
  kind: 'paginate'
  in: TokenPlace
  /** Where the items lie; null: guessed and shown. */
  items: string | null
  /** Whether the first request already carries the first token (`page=1`). */
  injectFirst: boolean
  /** Pages fetched at once when the total is known; 1: one after another. */
  parallel: number
  /** Seconds between two pages. */
  interval: number
  stop: StopRules
  onPageError: 'fail' | 'skip' | 'stop'
  dedupe: string | null
  /** Over `item`. */
  filter: Template | null
  loopGuard: 'all' | 'token' | 'content' | 'off'
}

export type PagePaginate = PaginateCommon & {
  type: 'page'
  param: string
  start: NumberSetting
  limitParam: string | null
  limit: NumberSetting | null
}
export type OffsetPaginate = PaginateCommon & {
  type: 'offset'
  param: string
  start: NumberSetting
  limitParam: string
  limit: NumberSetting | null
}
export type CursorPaginate = PaginateCommon & {
  type: 'cursor'
  /** Exactly one of `path` (in the body) and `header` (lower case) is set. */
  path: string | null
  header: string | null
  param: string
  endValues: Json[]
}
export type LastRecordPaginate = PaginateCommon & { type: 'last_record'; field: string; param: string }
export type NextUrlPaginate = PaginateCommon & { type: 'next_url'; path: string }
export type LinkPaginate = PaginateCommon & { type: 'link'; rel: string }
export type GraphqlPaginate = PaginateCommon & {
  type: 'graphql'
  pageInfo: string
  param: string
  backward: boolean
}
/** `place`: where the author says that the token goes; null: that is found out as well. */
export type AutoPaginate = PaginateCommon & { type: 'auto'; place: TokenPlace | null }
export type NonePaginate = PaginateCommon & { type: 'none' }

export type Paginate =
  | PagePaginate
  | OffsetPaginate
  | CursorPaginate
  | LastRecordPaginate
  | NextUrlPaginate
  | LinkPaginate
  | GraphqlPaginate
  | AutoPaginate
  | NonePaginate

/** How the pages of one element follow each other, whichever way it was written. */
export type Pagination = SuccessPolicy | Paginate

/** The author's own words, for events. */
export type WrittenRetry = { retry?: unknown; paginate?: unknown }
