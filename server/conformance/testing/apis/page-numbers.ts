import { SIZE, asked, ids, refusal, pagesOf } from '../api-answers'
import type { Api } from '../api-suite'

/** APIs that number their pages, or have no pages. */
export const PAGE_NUMBERS: Api[] = [
  {
    name: 'Discourse',
    explicit: 'paginate: { type: page, start: 0, items: topic_list.topics }',
    ends: 'empty_page',
    auto: { choice: { type: 'page', param: 'page', start: 0 } },
    serve: (request, total) => {
      const page = asked(request, 'page', 0)
      return {
        json: {
          users: [{ id: 'u' }],
          primary_groups: [],
          flair_groups: [],
          topic_list: {
            can_create_topic: false,
            per_page: 10,
            ...((page + 1) * SIZE < total && { more_topics_url: `/latest?no_definitions=true&page=${page + 1}` }),
            top_tags: [],
            topics: ids(total, page * SIZE),
          },
        },
      }
    },
  },
  {
    name: 'Auth0 with totals',
    step: 'params: { per_page: 10, include_totals: true }',
    explicit: 'paginate: { type: page, start: 0, items: users, stop: { total_items_path: total } }',
    ends: 'total_reached',
    auto: { choice: { type: 'page', param: 'page', start: 0, stop: { total_items_path: 'total' } }, bare: true },
    serve: (request, total) => {
      const start = asked(request, 'page', 0) * SIZE
      return (
        refusal(request, ['page', 'per_page', 'include_totals']) ?? {
          json: { start, limit: 10, length: ids(total, start).length, users: ids(total, start), total },
        }
      )
    },
  },
  {
    name: 'Auth0 without totals',
    step: 'params: { per_page: 10 }',
    explicit: 'paginate: { type: page, start: 0 }',
    ends: 'empty_page',
    auto: { choice: { type: 'page', param: 'page', start: 0 }, bare: true },
    serve: (request, total) =>
      refusal(request, ['page', 'per_page', 'include_totals']) ?? {
        json: ids(total, asked(request, 'page', 0) * SIZE),
      },
  },
  {
    name: 'Rails with Kaminari',
    step: 'params: { per_page: 10 }',
    explicit: 'paginate: { type: page, items: users, stop: { total_pages_path: meta.total_pages } }',
    ends: 'total_reached',
    auto: {
      choice: {
        type: 'page',
        param: 'page',
        start: 1,
        stop: { total_items_path: 'meta.total_count', total_pages_path: 'meta.total_pages' },
      },
      bare: true,
    },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      return {
        json: {
          users: ids(total, (page - 1) * SIZE),
          meta: {
            current_page: page,
            next_page: page < pagesOf(total) ? page + 1 : null,
            prev_page: page > 1 ? page - 1 : null,
            total_pages: pagesOf(total),
            total_count: total,
          },
        },
      }
    },
  },
  {
    name: 'Rails with Pagy headers, no Link',
    step: 'params: { per_page: 10 }',
    explicit: 'paginate: { type: page, stop: { total_items_header: Total-Count } }',
    ends: 'total_reached',
    auto: {
      choice: { type: 'page', param: 'page', start: 1, stop: { total_items_header: 'total-count' } },
      bare: true,
    },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      return {
        json: ids(total, (page - 1) * SIZE),
        headers: {
          'current-page': String(page),
          'page-items': '10',
          'total-pages': String(Math.max(1, pagesOf(total))),
          'total-count': String(total),
        },
      }
    },
  },
  {
    name: 'Rails with api-pagination headers, no Link',
    explicit: 'paginate: { type: page, stop: { total_items_header: Total } }',
    ends: 'total_reached',
    auto: { choice: { type: 'page', param: 'page', start: 1, stop: { total_items_header: 'total' } } },
    serve: (request, total) => ({
      json: ids(total, (asked(request, 'page', 1) - 1) * SIZE),
      headers: { total: String(total), 'per-page': '10' },
    }),
  },
  {
    name: 'Strapi',
    step: "params: { 'pagination[pageSize]': 10 }",
    explicit:
      "paginate: { type: page, param: 'pagination[page]', items: data, stop: { total_pages_path: meta.pagination.pageCount } }",
    ends: 'total_reached',
    auto: {
      choice: {
        type: 'page',
        param: 'pagination[page]',
        start: 1,
        stop: { total_items_path: 'meta.pagination.total', total_pages_path: 'meta.pagination.pageCount' },
      },
      bare: true,
    },
    serve: (request, total) => {
      const page = asked(request, 'pagination[page]', 1)
      return {
        json: {
          data: ids(total, (page - 1) * SIZE),
          meta: { pagination: { page, pageSize: 10, pageCount: pagesOf(total), total } },
        },
      }
    },
  },
  {
    name: 'JSON:API page[number]',
    step: "params: { 'page[size]': 10 }",
    explicit:
      "paginate: { type: page, param: 'page[number]', items: data, stop: { total_pages_path: meta.page.totalPages } }",
    ends: 'total_reached',
    auto: {
      choice: {
        type: 'page',
        param: 'page[number]',
        start: 1,
        stop: { total_items_path: 'meta.page.totalElements', total_pages_path: 'meta.page.totalPages' },
      },
      bare: true,
    },
    serve: (request, total) => {
      const number = asked(request, 'page[number]', 1)
      return {
        headers: { 'content-type': 'application/vnd.api+json' },
        json: {
          data: ids(total, (number - 1) * SIZE),
          meta: { page: { number, size: 10, totalElements: total, totalPages: pagesOf(total) } },
        },
      }
    },
  },
  {
    name: 'Zoho',
    step: 'params: { per_page: 10 }',
    explicit: 'paginate: { type: page, items: data, stop: { has_more_path: info.more_records } }',
    ends: ['empty_page', 'has_more_false', 'has_more_false'],
    auto: {
      choice: { type: 'page', param: 'page', start: 1, stop: { has_more_path: 'info.more_records' } },
      bare: true,
    },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      const data = ids(total, (page - 1) * SIZE)
      return data.length === 0
        ? { status: 204 }
        : { json: { data, info: { per_page: 10, count: data.length, page, more_records: page * SIZE < total } } }
    },
  },
  {
    name: 'ClickUp',
    explicit: 'paginate: { type: page, start: 0, items: tasks, stop: { when: "{{ response.last_page }}" } }',
    ends: 'when_true',
    auto: { choice: { type: 'page', param: 'page', start: 0 } },
    serve: (request, total) => {
      const page = asked(request, 'page', 0)
      return { json: { tasks: ids(total, page * SIZE), last_page: (page + 1) * SIZE >= total } }
    },
  },
  {
    name: 'NDJSON export',
    explicit: 'paginate: { type: none }',
    ends: 'single_page',
    auto: { single: true },
    serve: (_, total) => ({
      headers: { 'content-type': 'application/x-ndjson' },
      text: ids(total, 0, 1e9)
        .map((row) => JSON.stringify(row))
        .join('\n'),
    }),
  },
  {
    name: 'OAI-PMH (XML)',
    step: 'params: { verb: ListRecords, metadataPrefix: oai_dc }',
    explicit: 'paginate: { type: cursor, path: resumptionToken, param: resumptionToken }',
    ends: 'wrong_content_type',
    auto: {
      refused: /text\/xml came where JSON was due/,
    },
    serve: () => ({
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      text: '<?xml version="1.0"?><OAI-PMH><ListRecords><resumptionToken>a</resumptionToken></ListRecords></OAI-PMH>',
    }),
  },
]
