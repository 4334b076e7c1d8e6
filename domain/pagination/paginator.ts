import type { Json } from '../json'
import type { NextCall, TokenPlace } from '../playbook/pagination-plan'
import type { Template } from '../playbook/playbook'
import type { BodyPath } from './item-path'

/** How the request of one page follows from the answer to the page before. */
export type TokenSource =
  | { type: 'none' }
  | { type: 'while'; condition: Template | null; nextCall: NextCall }
  | { type: 'page'; param: string; start: number; limit: number | null }
  | { type: 'offset'; param: string; start: number; limit: number | null }
  | { type: 'cursor'; from: { path: BodyPath } | { header: string }; param: string; endValues: readonly Json[] }
  | { type: 'last_record'; field: BodyPath; param: string }
  | { type: 'next_url'; path: BodyPath }
  | { type: 'link'; rel: string }
  | { type: 'graphql'; pageInfo: BodyPath; param: string; backward: boolean }

export type StopSettings = {
  hasMorePath: BodyPath | null
  totalItemsPath: BodyPath | null
  totalItemsHeader: string | null
  totalPagesPath: BodyPath | null
  emptyPage: boolean
  shortPage: boolean
  statusCodes: readonly number[]
  when: Template | null
  itemWhen: Template | null
  maxPages: number | null
  maxItems: number | null
}

/** One element's pagination with every number known: what both spellings compile to. */
export type Paginator = {
  source: TokenSource
  /** Not null until a way to page 2 is chosen (`type: auto`), with the place of the token where that is written; `source` is none so long. */
  auto: { place: TokenPlace | null } | null
  place: TokenPlace
  injectFirst: boolean
  /** Null: guessed from the first page. */
  items: BodyPath | null
  strategy: 'append' | 'replace' | 'collect'
  stop: StopSettings
  intervalMs: number
  /** Pages in flight at once when the total is known. */
  parallel: number
  onPageError: 'fail' | 'skip' | 'stop'
  dedupe: BodyPath | null
  filter: Template | null
  loopGuard: 'all' | 'token' | 'content' | 'off'
}
