import { SIZE, asked, ids, links, numbers, startOf, tokenFor, pageStart } from '../api-answers'
import type { Api } from '../api-suite'

/** APIs whose next page is in a `Link` header. */
export const LINK_HEADERS: Api[] = [
  {
    name: 'GitHub',
    step: 'params: { per_page: 10 }',
    explicit: 'paginate: { type: link }',
    ends: 'no_next',
    auto: { choice: { type: 'link' }, bare: true },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      const last = Math.ceil(total / SIZE)
      const url = (n: number): string => `/repositories/77/items?per_page=10&page=${n}`
      return {
        json: ids(total, pageStart(request)),
        headers:
          last <= 1
            ? {}
            : links({
                prev: page > 1 && url(page - 1),
                next: page < last && url(page + 1),
                last: page < last && url(last),
                first: page > 1 && url(1),
              }),
      }
    },
  },
  {
    name: 'GitHub search',
    step: 'params: { q: x, per_page: 10 }',
    explicit: 'paginate: { type: link, items: items, stop: { total_items_path: total_count } }',
    ends: 'total_reached',
    auto: { choice: { type: 'link', stop: { total_items_path: 'total_count' } }, bare: true },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      const last = Math.ceil(total / SIZE)
      return {
        json: { total_count: total, incomplete_results: false, items: ids(total, pageStart(request)) },
        headers:
          last <= 1
            ? {}
            : links({
                next: page < last && `/items?q=x&per_page=10&page=${page + 1}`,
                last: page < last && `/items?q=x&per_page=10&page=${last}`,
              }),
      }
    },
  },
  {
    name: 'GitLab offset',
    step: 'params: { per_page: 10 }',
    explicit: 'paginate: { type: cursor, header: X-Next-Page, param: page, items: $ }',
    ends: 'no_next',
    auto: { choice: { type: 'link', stop: { total_items_header: 'x-total' } }, bare: true },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      const last = Math.max(1, Math.ceil(total / SIZE))
      const url = (n: number): string => `/items?page=${n}&per_page=10`
      return {
        json: ids(total, pageStart(request)),
        headers: {
          'x-next-page': page < last ? String(page + 1) : '',
          'x-page': String(page),
          'x-per-page': '10',
          'x-prev-page': page > 1 ? String(page - 1) : '',
          'x-total': String(total),
          'x-total-pages': String(last),
          ...links({
            prev: page > 1 && url(page - 1),
            next: page < last && url(page + 1),
            first: url(1),
            last: url(last),
          }),
        },
      }
    },
  },
  {
    name: 'GitLab without Link',
    step: 'params: { per_page: 10 }',
    explicit: 'paginate: { type: page, items: $, stop: { total_items_header: X-Total } }',
    ends: 'total_reached',
    auto: { choice: { type: 'page', param: 'page', start: 1, stop: { total_items_header: 'x-total' } }, bare: true },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      const last = Math.max(1, Math.ceil(total / SIZE))
      return {
        json: ids(total, pageStart(request)),
        headers: {
          'x-next-page': page < last ? String(page + 1) : '',
          'x-page': String(page),
          'x-per-page': '10',
          'x-total': String(total),
          'x-total-pages': String(last),
        },
      }
    },
  },
  {
    name: 'GitLab keyset',
    step: 'params: { pagination: keyset, order_by: id, per_page: 10 }',
    explicit: 'paginate: { type: link, items: $ }',
    ends: 'no_next',
    auto: { choice: { type: 'link' }, bare: true, unsure: true },
    serve: (request, total) => {
      const start = asked(request, 'id_after', 0)
      return {
        json: ids(total, start),
        headers: links({
          next: start + SIZE < total && `/items?id_after=${start + SIZE}&order_by=id&pagination=keyset&per_page=10`,
        }),
      }
    },
  },
  {
    name: 'Shopify REST',
    step: 'params: { limit: 10, status: any }',
    explicit: 'paginate: { type: link, items: products }',
    ends: 'no_next',
    auto: { choice: { type: 'link' }, bare: true, unsure: true },
    serve: ({ query }, total) => {
      if ('page_info' in query && 'status' in query)
        return { status: 400, json: { errors: { page_info: 'Invalid value.' } } }
      const start = startOf(query['page_info'])
      const url = (at: number): string => `/admin/api/2024-01/products.json?limit=10&page_info=${tokenFor(at, 1e9)}`
      return {
        json: { products: ids(total, start) },
        headers: links({ previous: start > 0 && url(start - SIZE), next: start + SIZE < total && url(start + SIZE) }),
      }
    },
  },
  {
    name: 'Okta',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: link }',
    ends: 'no_next',
    auto: { choice: { type: 'link' }, bare: true, unsure: true },
    serve: ({ query }, total) => {
      const start = startOf(query['after'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: ids(total, start),
        headers: {
          link: [
            '<API:/items?limit=10>; rel="self"',
            ...(next === undefined ? [] : [`<API:/items?after=${next}&limit=10>; rel="next"`]),
          ],
        },
      }
    },
  },
  {
    name: 'WordPress',
    step: 'params: { per_page: 10 }',
    explicit: 'paginate: { type: page, items: $, stop: { total_items_header: X-WP-Total } }',
    ends: 'total_reached',
    auto: { choice: { type: 'link', stop: { total_items_header: 'x-wp-total' } }, bare: true },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      const last = Math.ceil(total / SIZE)
      if (page > Math.max(1, last))
        return {
          status: 400,
          json: {
            code: 'rest_post_invalid_page_number',
            message: 'The page number requested is larger than the number of pages available.',
            data: { status: 400 },
          },
        }
      return {
        json: ids(total, pageStart(request)),
        headers: {
          'x-wp-total': String(total),
          'x-wp-totalpages': String(last),
          ...links({
            prev: page > 1 && `/items?per_page=10&page=${page - 1}`,
            next: page < last && `/items?per_page=10&page=${page + 1}`,
          }),
        },
      }
    },
  },
  {
    name: 'WordPress behind a proxy without Link, ended by its 400',
    step: 'params: { per_page: 10 }',
    explicit: 'paginate: { type: page, items: $, stop: { status_codes: [400] } }',
    ends: ['empty_page', 'stop_status', 'stop_status'],
    auto: { choice: { type: 'page', param: 'page', start: 1, stop: { total_items_header: 'x-wp-total' } }, bare: true },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      const last = Math.ceil(total / SIZE)
      if (page > Math.max(1, last))
        return { status: 400, json: { code: 'rest_post_invalid_page_number', message: 'x', data: { status: 400 } } }
      return {
        json: ids(total, pageStart(request)),
        headers: { 'x-wp-total': String(total), 'x-wp-totalpages': String(last) },
      }
    },
  },
  {
    name: 'ServiceNow',
    step: 'params: { sysparm_limit: 10 }',
    explicit:
      'paginate: { type: offset, param: sysparm_offset, limit_param: sysparm_limit, limit: 10, items: result, stop: { total_items_header: X-Total-Count } }',
    ends: 'total_reached',
    auto: { choice: { type: 'link', stop: { total_items_header: 'x-total-count' } }, bare: true },
    serve: (request, total) => {
      const start = asked(request, 'sysparm_offset', 0)
      const url = (n: number): string => `/items?sysparm_limit=10&sysparm_offset=${n}`
      return {
        json: { result: ids(total, start) },
        headers: {
          'x-total-count': String(total),
          ...links({
            first: url(0),
            prev: start > 0 && url(start - SIZE),
            next: start + SIZE < total && url(start + SIZE),
            last: url(Math.max(0, Math.floor((total - 1) / SIZE) * SIZE)),
          }),
        },
      }
    },
  },
  {
    name: 'Sentry (a next link that says results="false")',
    explicit: 'paginate: { type: link }',
    ends: 'no_next',
    auto: { choice: { type: 'link' } },
    serve: ({ query }, total) => {
      const start = Number((query['cursor'] ?? '0:0:0').split(':')[1])
      return {
        json: ids(total, start),
        headers: {
          link: `<API:/items?cursor=0:${Math.max(0, start - SIZE)}:1>; rel="previous"; results="${start > 0}"; cursor="0:0:1", <API:/items?cursor=0:${start + SIZE}:0>; rel="next"; results="${start + SIZE < total}"; cursor="0:${start + SIZE}:0"`,
        },
      }
    },
  },
  {
    name: 'Docker registry',
    step: 'params: { n: 10 }',
    explicit: 'paginate: { type: link, items: repositories }',
    ends: 'no_next',
    auto: { choice: { type: 'link' }, bare: true },
    serve: (request, total) => {
      const start = Number((request.query['last'] ?? 'r0').slice(1))
      return {
        json: { repositories: numbers(total, start).map((n) => `r${n}`) },
        headers: start + SIZE < total ? { link: `</items?last=r${start + SIZE}&n=10>; rel="next"` } : {},
      }
    },
  },
]
