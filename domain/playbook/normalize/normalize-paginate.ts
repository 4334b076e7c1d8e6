import type { Paginate, StopRules } from '../pagination-plan'
import type { PaginateSource } from '../schema/paginate-schema'
import { optionalExpression } from './expression-template'

/** `paginate` with every default filled in. */
export function normalizePaginate(source: PaginateSource): Paginate {
  const common = {
    kind: 'paginate' as const,
    in: source.in ?? (source.type === 'graphql' ? 'json' : 'query'),
    items: source.items ?? null,
    injectFirst: source.inject_first,
    parallel: source.parallel,
    interval: source.interval,
    stop: stopRules(source.stop),
    onPageError: source.on_page_error,
    dedupe: source.dedupe ?? null,
    filter: optionalExpression(source.filter),
    loopGuard: source.loop_guard,
  }
  const { type } = source
  switch (type) {
    case 'page': {
      const { param, start, limit_param: limitParam = null, limit = null } = source
      return { ...common, type, param, start, limitParam, limit }
    }
    case 'offset': {
      const { param, start, limit_param: limitParam, limit = null } = source
      return { ...common, type, param, start, limitParam, limit }
    }
    case 'cursor': {
      const { path = null, header, param, end_values: endValues } = source
      return { ...common, type, path, header: header?.toLowerCase() ?? null, param, endValues }
    }
    case 'last_record':
      return { ...common, type, field: source.field, param: source.param }
    case 'next_url':
      return { ...common, type, path: source.path }
    case 'link':
      return { ...common, type, rel: source.rel }
    case 'graphql':
      return { ...common, type, pageInfo: source.page_info, param: source.param, backward: source.backward }
    case 'auto':
      return { ...common, type, place: source.in ?? null }
    case 'none':
      return { ...common, type }
  }
}

function stopRules(source: PaginateSource['stop']): StopRules {
  return {
    hasMorePath: source?.has_more_path ?? null,
    totalItemsPath: source?.total_items_path ?? null,
    totalItemsHeader: source?.total_items_header?.toLowerCase() ?? null,
    totalPagesPath: source?.total_pages_path ?? null,
    emptyPage: source?.empty_page ?? true,
    shortPage: source?.short_page ?? false,
    statusCodes: source?.status_codes ?? [],
    when: optionalExpression(source?.when),
    itemWhen: optionalExpression(source?.item_when),
    maxPages: source?.max_pages ?? null,
    maxItems: source?.max_items ?? null,
  }
}
