import { SIZE, asked, ids, numbers, refusal } from '../api-answers'
import type { Api } from '../api-suite'

/** APIs that leave out a number of items. */
export const OFFSETS: Api[] = [
  {
    name: 'Jira',
    step: 'params: { maxResults: 10 }',
    explicit:
      'paginate: { type: offset, param: startAt, limit_param: maxResults, limit: 10, items: issues, stop: { total_items_path: total } }',
    ends: 'total_reached',
    auto: { choice: { type: 'offset', param: 'startAt', start: 0, stop: { total_items_path: 'total' } }, bare: true },
    serve: (request, total) => {
      const start = asked(request, 'startAt', 0)
      return { json: { expand: 'schema,names', startAt: start, maxResults: 10, total, issues: ids(total, start) } }
    },
  },
  {
    name: 'Jira Agile',
    step: 'params: { maxResults: 10 }',
    explicit: 'paginate: { type: offset, param: startAt, items: values, stop: { when: "{{ response.isLast }}" } }',
    ends: 'when_true',
    auto: { choice: { type: 'offset', param: 'startAt', start: 0 }, bare: true },
    serve: (request, total) => {
      const start = asked(request, 'startAt', 0)
      return { json: { maxResults: 10, startAt: start, isLast: start + SIZE >= total, values: ids(total, start) } }
    },
  },
  {
    name: 'Mailchimp',
    step: 'params: { count: 10 }',
    explicit:
      'paginate: { type: offset, limit_param: count, limit: 10, items: lists, stop: { total_items_path: total_items } }',
    ends: 'total_reached',
    auto: {
      choice: { type: 'offset', param: 'offset', start: 0, stop: { total_items_path: 'total_items' } },
      bare: true,
    },
    serve: (request, total) => ({
      json: {
        lists: ids(total, asked(request, 'offset', 0)),
        total_items: total,
        constraints: { may_create: true, max_instances: 5 },
        _links: [
          { rel: 'self', href: 'API:/3.0/lists', method: 'GET' },
          { rel: 'create', href: 'API:/3.0/lists', method: 'POST' },
        ],
      },
    }),
  },
  {
    name: 'Contentful',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: offset, param: skip, limit: 10, items: items, stop: { total_items_path: total } }',
    ends: 'total_reached',
    auto: { choice: { type: 'offset', param: 'skip', start: 0, stop: { total_items_path: 'total' } }, bare: true },
    serve: (request, total) => ({
      headers: { 'content-type': 'application/vnd.contentful.delivery.v1+json' },
      json: {
        sys: { type: 'Array' },
        total,
        skip: asked(request, 'skip', 0),
        limit: 10,
        items: ids(total, asked(request, 'skip', 0)),
        includes: { Entry: [{ id: 'e' }], Asset: [] },
      },
    }),
  },
  {
    name: 'PagerDuty',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: offset, limit: 10, items: incidents, stop: { has_more_path: more } }',
    ends: 'has_more_false',
    auto: { choice: { type: 'offset', param: 'offset', start: 0, stop: { has_more_path: 'more' } }, bare: true },
    serve: (request, total) => {
      const offset = asked(request, 'offset', 0)
      return { json: { incidents: ids(total, offset), limit: 10, offset, total: null, more: offset + SIZE < total } }
    },
  },
  {
    name: 'Pipedrive',
    step: 'params: { limit: 10 }',
    explicit:
      'paginate: { type: offset, param: start, limit: 10, items: data, stop: { has_more_path: additional_data.pagination.more_items_in_collection } }',
    ends: 'has_more_false',
    auto: {
      choice: {
        type: 'offset',
        param: 'start',
        start: 0,
        stop: { has_more_path: 'additional_data.pagination.more_items_in_collection' },
      },
      bare: true,
    },
    serve: (request, total) => {
      const start = asked(request, 'start', 0)
      const data = ids(total, start)
      const more = start + SIZE < total
      return {
        json: {
          success: true,
          data: data.length === 0 ? null : data,
          additional_data: {
            pagination: { start, limit: 10, more_items_in_collection: more, ...(more && { next_start: start + SIZE }) },
          },
          related_objects: {},
        },
      }
    },
  },
  {
    name: 'Confluence (next relative to base)',
    step: 'params: { limit: 10 }',
    explicit:
      'paginate: { type: offset, param: start, limit: 10, items: results, stop: { when: "{{ response._links.next is not defined }}" } }',
    ends: 'when_true',
    auto: { choice: { type: 'offset', param: 'start', start: 0 }, bare: true },
    serve: (request, total) => {
      if (!request.path.startsWith('/items')) return { status: 404, json: { statusCode: 404 } }
      const start = asked(request, 'start', 0)
      const results = ids(total, start)
      return {
        json: {
          results,
          start,
          limit: 10,
          size: results.length,
          _links: {
            base: 'API:/wiki',
            context: '/wiki',
            self: 'API:/wiki/rest',
            ...(start + SIZE < total && { next: `/rest/api/content?limit=10&start=${start + SIZE}` }),
          },
        },
      }
    },
  },
  {
    name: 'OData 4 with $count and $skip',
    step: 'params: { $top: 10, $count: true }',
    explicit:
      'paginate: { type: offset, param: $skip, limit_param: $top, limit: 10, items: value, stop: { total_items_path: "[\'@odata.count\']" } }',
    ends: 'total_reached',
    auto: {
      choice: { type: 'offset', param: '$skip', start: 0, stop: { total_items_path: "['@odata.count']" } },
      bare: true,
    },
    serve: (request, total) => ({
      json: { '@odata.context': 'x', '@odata.count': total, value: ids(total, asked(request, '$skip', 0)) },
    }),
  },
  {
    name: 'ServiceNow without Link',
    step: 'params: { sysparm_limit: 10 }',
    explicit:
      'paginate: { type: offset, param: sysparm_offset, limit_param: sysparm_limit, limit: 10, items: result, stop: { total_items_header: X-Total-Count } }',
    ends: 'total_reached',
    auto: {
      choice: { type: 'offset', param: 'sysparm_offset', start: 0, stop: { total_items_header: 'x-total-count' } },
    },
    serve: (request, total) => ({
      json: { result: ids(total, asked(request, 'sysparm_offset', 0)) },
      headers: { 'x-total-count': String(total) },
    }),
  },
  {
    name: 'Socrata',
    step: 'params: { $limit: 10, $order: id }',
    explicit: 'paginate: { type: offset, param: $offset, limit_param: $limit, limit: 10 }',
    ends: 'empty_page',
    auto: { choice: { type: 'offset', param: '$offset', start: 0 } },
    serve: (request, total) =>
      refusal(request, ['$limit', '$offset', '$order']) ?? { json: ids(total, asked(request, '$offset', 0)) },
  },
  {
    name: 'NCBI',
    step: 'params: { db: pubmed, retmode: json, retmax: 10 }',
    explicit:
      'paginate: { type: offset, param: retstart, limit_param: retmax, limit: 10, items: esearchresult.idlist, stop: { total_items_path: esearchresult.count } }',
    ends: 'total_reached',
    auto: {
      choice: { type: 'offset', param: 'retstart', start: 0, stop: { total_items_path: 'esearchresult.count' } },
      bare: true,
    },
    serve: (request, total) => {
      const start = asked(request, 'retstart', 0)
      return {
        json: {
          header: { type: 'esearch', version: '0.3' },
          esearchresult: {
            count: String(total),
            retmax: String(numbers(total, start).length),
            retstart: String(start),
            idlist: numbers(total, start).map(String),
            translationset: [],
            querytranslation: 'x',
          },
        },
      }
    },
  },
  {
    name: 'Directus, filtered',
    step: "params: { limit: 10, meta: '*', 'filter[a][_eq]': x }",
    explicit: 'paginate: { type: offset, limit: 10, items: data, stop: { total_items_path: meta.filter_count } }',
    ends: 'total_reached',
    auto: {
      choice: { type: 'page', param: 'page', start: 1, stop: { total_items_path: 'meta.filter_count' } },
      bare: true,
    },
    serve: (request, total) => {
      const start = asked(request, 'offset', (asked(request, 'page', 1) - 1) * SIZE)
      return { json: { meta: { total_count: 100, filter_count: total }, data: ids(total, start) } }
    },
  },
  {
    name: 'DataTables, filtered',
    step: 'params: { start: 0, length: 10 }',
    explicit:
      'paginate: { type: offset, param: start, limit_param: length, limit: 10, items: data, stop: { total_items_path: recordsFiltered } }',
    ends: 'total_reached',
    auto: { choice: { type: 'offset', param: 'start', start: 0, stop: { total_items_path: 'recordsFiltered' } } },
    serve: (request, total) => ({
      json: { draw: 0, recordsTotal: 100, recordsFiltered: total, data: ids(total, asked(request, 'start', 0)) },
    }),
  },
  {
    name: 'JSON:API page[offset], sent',
    step: "params: { 'page[offset]': 0, 'page[limit]': 10 }",
    explicit:
      "paginate: { type: offset, param: 'page[offset]', limit_param: 'page[limit]', limit: 10, items: data, stop: { total_items_path: meta.count } }",
    ends: 'total_reached',
    auto: { choice: { type: 'offset', param: 'page[offset]', start: 0, stop: { total_items_path: 'meta.count' } } },
    serve: (request, total) => ({
      json: { data: ids(total, asked(request, 'page[offset]', 0)), meta: { count: total } },
    }),
  },
  {
    name: 'Solr',
    step: 'params: { q: x, rows: 10 }',
    explicit:
      'paginate: { type: offset, param: start, limit_param: rows, limit: 10, items: response.docs, stop: { total_items_path: response.numFound } }',
    ends: 'total_reached',
    auto: {
      choice: { type: 'offset', param: 'start', start: 0, stop: { total_items_path: 'response.numFound' } },
      bare: true,
    },
    serve: (request, total) => ({
      json: {
        responseHeader: { status: 0, QTime: 1, params: { q: 'x', rows: '10' } },
        response: {
          numFound: total,
          start: asked(request, 'start', 0),
          numFoundExact: true,
          docs: ids(total, asked(request, 'start', 0)),
        },
      },
    }),
  },
  {
    name: 'Box offset',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: offset, limit: 10, items: entries, stop: { total_items_path: total_count } }',
    ends: 'total_reached',
    auto: {
      choice: { type: 'offset', param: 'offset', start: 0, stop: { total_items_path: 'total_count' } },
      bare: true,
    },
    serve: (request, total) => ({
      json: {
        total_count: total,
        entries: ids(total, asked(request, 'offset', 0)),
        offset: asked(request, 'offset', 0),
        limit: 10,
        order: [
          { by: 'type', direction: 'ASC' },
          { by: 'name', direction: 'ASC' },
        ],
      },
    }),
  },
]
