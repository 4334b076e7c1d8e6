import { SIZE, asked, ids, startOf, tokenFor, pagesOf } from '../api-answers'
import type { Api } from '../api-suite'

/** APIs that count in more than one way. */
export const COUNTED_PAGES: Api[] = [
  {
    name: 'SCIM',
    step: 'params: { count: 10 }',
    explicit:
      'paginate: { type: offset, param: startIndex, start: 1, limit_param: count, limit: 10, items: Resources, stop: { total_items_path: totalResults } }',
    ends: 'total_reached',
    auto: {
      choice: { type: 'offset', param: 'startIndex', start: 1, stop: { total_items_path: 'totalResults' } },
      bare: true,
    },
    serve: (request, total) => {
      const startIndex = asked(request, 'startIndex', 1)
      const found = ids(total, startIndex - 1)
      return {
        headers: { 'content-type': 'application/scim+json' },
        json: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
          totalResults: total,
          itemsPerPage: found.length,
          startIndex,
          ...(found.length > 0 && { Resources: found }),
        },
      }
    },
  },
  {
    name: 'SCIM with an empty list',
    step: 'params: { count: 10 }',
    explicit:
      'paginate: { type: offset, param: startIndex, start: 1, items: Resources, stop: { total_items_path: totalResults } }',
    ends: 'total_reached',
    auto: {
      choice: { type: 'offset', param: 'startIndex', start: 1, stop: { total_items_path: 'totalResults' } },
      bare: true,
    },
    serve: (request, total) => {
      const startIndex = asked(request, 'startIndex', 1)
      const found = ids(total, startIndex - 1)
      return {
        headers: { 'content-type': 'application/scim+json' },
        json: {
          Resources: found,
          itemsPerPage: found.length,
          schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
          startIndex,
          totalResults: total,
        },
      }
    },
  },
  {
    name: 'Spring Data',
    step: 'params: { size: 10 }',
    explicit: 'paginate: { type: page, start: 0, items: content, stop: { total_pages_path: totalPages } }',
    ends: 'total_reached',
    auto: {
      choice: {
        type: 'page',
        param: 'page',
        start: 0,
        stop: { total_items_path: 'totalElements', total_pages_path: 'totalPages' },
      },
      bare: true,
    },
    serve: (request, total) => {
      const number = asked(request, 'page', 0)
      const content = ids(total, number * SIZE)
      return {
        json: {
          content,
          pageable: {
            pageNumber: number,
            pageSize: 10,
            sort: { empty: true, sorted: false, unsorted: true },
            offset: number * SIZE,
            paged: true,
            unpaged: false,
          },
          totalPages: pagesOf(total),
          totalElements: total,
          last: number + 1 >= pagesOf(total),
          size: 10,
          number,
          sort: { empty: true, sorted: false, unsorted: true },
          first: number === 0,
          numberOfElements: content.length,
          empty: content.length === 0,
        },
      }
    },
  },
  {
    name: 'Spring Data slice',
    step: 'params: { size: 10 }',
    explicit: 'paginate: { type: page, start: 0, items: content, stop: { when: "{{ response.last }}" } }',
    ends: 'when_true',
    auto: { choice: { type: 'page', param: 'page', start: 0 }, bare: true },
    serve: (request, total) => {
      const number = asked(request, 'page', 0)
      const content = ids(total, number * SIZE)
      return {
        json: {
          content,
          pageable: { pageNumber: number, pageSize: 10, offset: number * SIZE, paged: true, unpaged: false },
          last: number + 1 >= pagesOf(total),
          size: 10,
          number,
          first: number === 0,
          numberOfElements: content.length,
          empty: content.length === 0,
        },
      }
    },
  },
  {
    name: 'Spring HATEOAS (page, HAL)',
    step: 'params: { size: 10 }',
    explicit:
      'paginate: { type: next_url, path: _links.next.href, items: _embedded.users, stop: { total_items_path: page.totalElements } }',
    ends: 'total_reached',
    auto: {
      choice: {
        type: 'next_url',
        path: '_links.next.href',
        stop: { total_items_path: 'page.totalElements', total_pages_path: 'page.totalPages' },
      },
      bare: true,
    },
    serve: (request, total) => {
      const number = asked(request, 'page', 0)
      const users = ids(total, number * SIZE)
      return {
        headers: { 'content-type': 'application/hal+json' },
        json: {
          ...(users.length > 0 && { _embedded: { users } }),
          _links: {
            self: { href: 'API:/items' },
            ...(number + 1 < pagesOf(total) && { next: { href: `API:/items?page=${number + 1}&size=10` } }),
          },
          page: { size: 10, totalElements: total, totalPages: pagesOf(total), number },
        },
      }
    },
  },
  {
    name: 'Spring PagedModel',
    step: 'params: { size: 10 }',
    explicit: 'paginate: { type: page, start: 0, items: content, stop: { total_pages_path: page.totalPages } }',
    ends: 'total_reached',
    auto: {
      choice: {
        type: 'page',
        param: 'page',
        start: 0,
        stop: { total_items_path: 'page.totalElements', total_pages_path: 'page.totalPages' },
      },
      bare: true,
    },
    serve: (request, total) => {
      const number = asked(request, 'page', 0)
      return {
        json: {
          content: ids(total, number * SIZE),
          page: { size: 10, number, totalElements: total, totalPages: pagesOf(total) },
        },
      }
    },
  },
  {
    name: 'Intercom',
    step: 'params: { per_page: 10 }',
    explicit: 'paginate: { type: cursor, path: pages.next.starting_after, param: starting_after, items: data }',
    ends: 'no_next',
    auto: {
      choice: {
        type: 'cursor',
        path: 'pages.next.starting_after',
        param: 'starting_after',
        stop: { total_items_path: 'total_count', total_pages_path: 'pages.total_pages' },
      },
      bare: true,
    },
    serve: ({ query }, total) => {
      const start = startOf(query['starting_after'])
      const next = tokenFor(start + SIZE, total)
      const page = start / SIZE + 1
      return {
        json: {
          type: 'list',
          data: ids(total, start),
          total_count: total,
          pages: {
            type: 'pages',
            page,
            per_page: 10,
            total_pages: Math.ceil(total / SIZE),
            ...(next !== undefined && { next: { page: page + 1, starting_after: next } }),
          },
        },
      }
    },
  },
  {
    name: 'OpenAlex',
    step: "params: { per_page: 10, cursor: '*' }",
    explicit: 'paginate: { type: cursor, path: meta.next_cursor, items: results }',
    ends: 'no_next',
    auto: {
      choice: { type: 'cursor', path: 'meta.next_cursor', param: 'cursor', stop: { total_items_path: 'meta.count' } },
    },
    serve: (request, total) => {
      const { cursor } = request.query
      const byCursor = cursor !== undefined
      const start = byCursor ? startOf(cursor) : (asked(request, 'page', 1) - 1) * SIZE
      const results = ids(total, start)
      return {
        json: {
          meta: {
            count: total,
            db_response_time_ms: 5,
            page: byCursor ? null : asked(request, 'page', 1),
            per_page: 10,
            groups_count: null,
            ...(byCursor && { next_cursor: results.length === 0 ? null : tokenFor(start + results.length, 1e9) }),
          },
          results,
          group_by: [],
        },
      }
    },
  },
  {
    name: 'Crossref',
    step: "params: { rows: 10, cursor: '*' }",
    explicit: 'paginate: { type: cursor, path: message.next-cursor, items: message.items }',
    ends: 'empty_page',
    warns: 'more_available',
    auto: {
      choice: {
        type: 'cursor',
        path: 'message.next-cursor',
        param: 'cursor',
        stop: { total_items_path: 'message.total-results' },
      },
      bare: true,
      unsure: true,
    },
    serve: ({ query }, total) => {
      const start = startOf(query['cursor'])
      return {
        json: {
          status: 'ok',
          'message-type': 'work-list',
          'message-version': '1.0.0',
          message: {
            facets: {},
            'next-cursor': tokenFor(start + ids(total, start).length, 1e9),
            'total-results': total,
            items: ids(total, start),
            'items-per-page': 10,
            query: { 'start-index': 0, 'search-terms': null },
          },
        },
      }
    },
  },
]
