import { DomainError } from '../domain-error'
import type { JsonObject } from '../json'
import { itemsPathOf } from '../pagination/items'
import { parseBodyPath, type BodyPath } from '../pagination/item-path'
import type { Paginator, StopSettings, TokenSource } from '../pagination/paginator'
import { placeToken } from '../pagination/place-token'
import { mergePatches, type RequestPatch } from '../pagination/request-draft'
import type { Paginate, Pagination, StopRules, SuccessPolicy } from '../playbook/pagination-plan'
import { normalizePaginate } from '../playbook/normalize/normalize-paginate'
import type { NumberSetting } from '../playbook/playbook'
import { paginateSchema } from '../playbook/schema/paginate-schema'
import type { Evaluate } from '../playbook/template/evaluate-template'

/** A paginator, the first page's token, and what pagination adds to the first request. */
type CompiledPagination = { paginator: Paginator; token: number | null; patch: RequestPatch }

/** Both spellings, with every number evaluated. Throws TemplateError, or `invalid_playbook` for a value that can't be used. */
export function compilePagination(pagination: Pagination | null, evaluate: Evaluate): CompiledPagination {
  if (pagination === null) return { paginator: SINGLE_PAGE, token: null, patch: {} }
  return pagination.kind === 'while' ? compileWhile(pagination, evaluate) : compilePaginate(pagination, evaluate)
}

/** The paginator of `auto` once it goes by this explicit block; what the author wrote beside `type: auto` stays. Throws ZodError for a block that is none. */
export function chosenPaginator(auto: Paginator, choice: JsonObject): Paginator {
  const { paginator } = compilePaginate(normalizePaginate(paginateSchema.parse(choice)), (text) => text)
  const { source, place, stop } = paginator
  const found = Object.entries(stop).filter(([, setting]) => setting !== null)
  const written = Object.entries(auto.stop).filter(([, setting]) => setting !== null)
  return {
    ...auto,
    auto: null,
    source,
    place,
    stop: { ...NO_STOPS, ...Object.fromEntries([...found, ...written]) },
  }
}

const NO_STOPS: StopSettings = {
  hasMorePath: null,
  totalItemsPath: null,
  totalItemsHeader: null,
  totalPagesPath: null,
  emptyPage: false,
  shortPage: false,
  statusCodes: [],
  when: null,
  itemWhen: null,
  maxPages: null,
  maxItems: null,
}

const SINGLE_PAGE: Paginator = {
  source: { type: 'none' },
  auto: null,
  place: 'query',
  injectFirst: true,
  items: null,
  strategy: 'append',
  stop: NO_STOPS,
  intervalMs: 0,
  parallel: 1,
  onPageError: 'fail',
  dedupe: null,
  filter: null,
  loopGuard: 'all',
}

function compileWhile(policy: SuccessPolicy, evaluate: Evaluate): CompiledPagination {
  return {
    paginator: {
      ...SINGLE_PAGE,
      source: { type: 'while', condition: policy.while, nextCall: policy.nextCall },
      items: policy.collect === null ? null : itemsPathOf(policy.collect.path),
      strategy: policy.collect?.strategy ?? 'append',
      stop: { ...NO_STOPS, maxPages: optionalCount(policy.maxAttempts, 'max_attempts', evaluate) },
    },
    token: null,
    patch: {},
  }
}

function compilePaginate(paginate: Paginate, evaluate: Evaluate): CompiledPagination {
  const source = compileSource(paginate, evaluate)
  const paginator: Paginator = {
    source,
    auto: paginate.type === 'auto' ? { place: paginate.place } : null,
    place: paginate.in,
    injectFirst: paginate.injectFirst,
    items: paginate.items === null ? null : itemsPathOf(paginate.items),
    strategy: 'append',
    stop: compileStop(paginate.stop, evaluate),
    intervalMs: Math.round(paginate.interval * 1000),
    parallel: paginate.parallel,
    onPageError: paginate.onPageError,
    dedupe: optionalPath(paginate.dedupe),
    filter: paginate.filter,
    loopGuard: paginate.loopGuard,
  }
  const counts = source.type === 'page' || source.type === 'offset'
  const first = counts && paginate.injectFirst ? placeToken(paginate.in, source.param, source.start) : {}
  return { paginator, token: counts ? source.start : null, patch: mergePatches(first, limitPatch(paginate, source)) }
}

function compileSource(paginate: Paginate, evaluate: Evaluate): TokenSource {
  switch (paginate.type) {
    case 'page':
    case 'offset':
      return {
        type: paginate.type,
        param: paginate.param,
        start: count(paginate.start, 'start', evaluate),
        limit: optionalCount(paginate.limit, 'limit', evaluate),
      }
    case 'cursor': {
      const from = paginate.header === null ? { path: parseBodyPath(paginate.path ?? '') } : { header: paginate.header }
      return { type: 'cursor', from, param: paginate.param, endValues: paginate.endValues }
    }
    case 'last_record':
      return { type: 'last_record', field: parseBodyPath(paginate.field), param: paginate.param }
    case 'next_url':
      return { type: 'next_url', path: parseBodyPath(paginate.path) }
    case 'link':
      return { type: 'link', rel: paginate.rel }
    case 'graphql':
      return {
        type: 'graphql',
        pageInfo: parseBodyPath(paginate.pageInfo),
        param: paginate.param,
        backward: paginate.backward,
      }
    case 'none':
    case 'auto':
      return { type: 'none' }
  }
}

function limitPatch(paginate: Paginate, source: TokenSource): RequestPatch {
  if (paginate.type !== 'page' && paginate.type !== 'offset') return {}
  if (!('limit' in source) || source.limit === null || paginate.limitParam === null) return {}
  return placeToken(paginate.in === 'path' ? 'query' : paginate.in, paginate.limitParam, source.limit)
}

const compileStop = (stop: StopRules, evaluate: Evaluate): StopSettings => ({
  hasMorePath: optionalPath(stop.hasMorePath),
  totalItemsPath: optionalPath(stop.totalItemsPath),
  totalItemsHeader: stop.totalItemsHeader,
  totalPagesPath: optionalPath(stop.totalPagesPath),
  emptyPage: stop.emptyPage,
  shortPage: stop.shortPage,
  statusCodes: stop.statusCodes,
  when: stop.when,
  itemWhen: stop.itemWhen,
  maxPages: optionalCount(stop.maxPages, 'max_pages', evaluate),
  maxItems: optionalCount(stop.maxItems, 'max_items', evaluate),
})

const optionalPath = (text: string | null): BodyPath | null => (text === null ? null : parseBodyPath(text))

const optionalCount = (setting: NumberSetting | null, name: string, evaluate: Evaluate): number | null =>
  setting === null ? null : count(setting, name, evaluate)

function count(setting: NumberSetting, name: string, evaluate: Evaluate): number {
  const value = typeof setting === 'number' ? setting : evaluate(setting)
  const number = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
  throw new DomainError(
    'invalid_playbook',
    `${name} is ${JSON.stringify(value)}, where a whole number of 0 or more was expected`,
  )
}
