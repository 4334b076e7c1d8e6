import { SIZE, asked, bodyRefusal, ids, refusal, startOf, tokenFor } from '../api-answers'
import type { Api } from '../api-suite'

/** APIs that go on from a cursor or from the last item. */
export const CURSORS: Api[] = [
  {
    name: 'Stripe',
    step: 'params: { limit: 10 }',
    explicit:
      'paginate: { type: last_record, field: id, param: starting_after, items: data, stop: { has_more_path: has_more } }',
    ends: 'has_more_false',
    auto: {
      choice: { type: 'last_record', field: 'id', param: 'starting_after', stop: { has_more_path: 'has_more' } },
      bare: true,
    },
    serve: (request, total) => {
      const start = Number((request.query['starting_after'] ?? 'ch_0').slice(3))
      return (
        refusal(request, ['limit', 'starting_after', 'ending_before']) ?? {
          json: {
            object: 'list',
            data: ids(total, start).map(({ id }) => ({ id: `ch_${id}`, object: 'charge' })),
            has_more: start + SIZE < total,
            url: '/v1/charges',
          },
        }
      )
    },
  },
  {
    name: 'Stripe search',
    step: 'params: { query: x, limit: 10 }',
    explicit: 'paginate: { type: cursor, path: next_page, param: page, items: data }',
    ends: 'no_next',
    auto: {
      choice: { type: 'cursor', path: 'next_page', param: 'page', stop: { has_more_path: 'has_more' } },
      bare: true,
    },
    serve: (request, total) => {
      const { query } = request
      if ('page' in query && startOf(query['page']) === 0)
        return { status: 400, json: { error: { message: 'Invalid page token' } } }
      const start = startOf(query['page'])
      return (
        refusal(request, ['query', 'limit', 'page']) ?? {
          json: {
            object: 'search_result',
            data: ids(total, start),
            has_more: start + SIZE < total,
            next_page: tokenFor(start + SIZE, total) ?? null,
            url: '/v1/charges/search',
          },
        }
      )
    },
  },
  {
    name: 'Slack',
    step: 'params: { limit: 10 }',
    explicit:
      'fail_when: "{{ not response.ok }}"\npaginate: { type: cursor, path: response_metadata.next_cursor, items: channels }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'response_metadata.next_cursor', param: 'cursor' }, bare: true },
    serve: ({ query }, total) => {
      const start = startOf(query['cursor'])
      return {
        json: {
          ok: true,
          channels: ids(total, start),
          response_metadata: { next_cursor: tokenFor(start + SIZE, total) ?? '' },
        },
      }
    },
  },
  {
    name: 'Slack history',
    step: 'params: { channel: C, limit: 10 }',
    explicit:
      'paginate: { type: cursor, path: response_metadata.next_cursor, items: messages, stop: { has_more_path: has_more } }',
    ends: 'has_more_false',
    auto: {
      choice: {
        type: 'cursor',
        path: 'response_metadata.next_cursor',
        param: 'cursor',
        stop: { has_more_path: 'has_more' },
      },
      bare: true,
    },
    serve: ({ query }, total) => {
      const start = startOf(query['cursor'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: {
          ok: true,
          messages: ids(total, start),
          has_more: next !== undefined,
          pin_count: 0,
          ...(next !== undefined && { response_metadata: { next_cursor: next } }),
        },
      }
    },
  },
  {
    name: 'Notion query',
    step: 'method: POST\njson: { page_size: 10 }',
    explicit:
      'paginate: { type: cursor, in: json, path: next_cursor, param: start_cursor, items: results, stop: { has_more_path: has_more } }',
    ends: 'has_more_false',
    auto: {
      choice: {
        type: 'cursor',
        path: 'next_cursor',
        param: 'start_cursor',
        in: 'json',
        stop: { has_more_path: 'has_more' },
      },
    },
    serve: (request, total) => {
      const start = startOf(JSON.parse(request.body).start_cursor)
      return (
        bodyRefusal(request, ['page_size', 'start_cursor', 'filter']) ?? {
          json: {
            object: 'list',
            results: ids(total, start),
            next_cursor: tokenFor(start + SIZE, total) ?? null,
            has_more: start + SIZE < total,
            type: 'page_or_database',
            page_or_database: {},
          },
        }
      )
    },
  },
  {
    name: 'Notion list',
    step: 'params: { page_size: 10 }',
    explicit: 'paginate: { type: cursor, path: next_cursor, param: start_cursor, items: results }',
    ends: 'no_next',
    auto: {
      choice: { type: 'cursor', path: 'next_cursor', param: 'start_cursor', stop: { has_more_path: 'has_more' } },
      bare: true,
    },
    serve: (request, total) => {
      const start = startOf(request.query['start_cursor'])
      return (
        refusal(request, ['page_size', 'start_cursor']) ?? {
          json: {
            object: 'list',
            results: ids(total, start),
            next_cursor: tokenFor(start + SIZE, total) ?? null,
            has_more: start + SIZE < total,
            type: 'user',
            user: {},
          },
        }
      )
    },
  },
  {
    name: 'Airtable',
    step: 'params: { pageSize: 10 }',
    explicit: 'paginate: { type: cursor, path: offset, param: offset, items: records }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'offset', param: 'offset' }, bare: true, unsure: true },
    serve: (request, total) => {
      const { query } = request
      const start = startOf(query['offset'])
      if ('offset' in query && start === 0) return { status: 422, json: { error: { type: 'INVALID_OFFSET_VALUE' } } }
      const next = tokenFor(start + SIZE, total)
      return (
        refusal(request, ['pageSize', 'offset', 'view']) ?? {
          json: { records: ids(total, start), ...(next !== undefined && { offset: `${next}/rec` }) },
        }
      )
    },
  },
  {
    name: 'HubSpot list',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: cursor, path: paging.next.after, param: after, items: results }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'paging.next.after', param: 'after' }, bare: true, unsure: true },
    serve: (request, total) => {
      const start = asked(request, 'after', 0)
      const more = start + SIZE < total
      return {
        json: {
          results: ids(total, start),
          ...(more && {
            paging: { next: { after: String(start + SIZE), link: `API:/items?limit=10&after=${start + SIZE}` } },
          }),
        },
      }
    },
  },
  {
    name: 'HubSpot search',
    step: 'method: POST\njson: { limit: 10, filterGroups: [] }',
    explicit:
      'paginate: { type: cursor, in: json, path: paging.next.after, param: after, items: results, stop: { total_items_path: total } }',
    ends: 'total_reached',
    auto: {
      choice: {
        type: 'cursor',
        path: 'paging.next.after',
        param: 'after',
        in: 'json',
        stop: { total_items_path: 'total' },
      },
    },
    serve: ({ body }, total) => {
      const start = Number(JSON.parse(body).after ?? 0)
      return {
        json: {
          total,
          results: ids(total, start),
          ...(start + SIZE < total && { paging: { next: { after: String(start + SIZE) } } }),
        },
      }
    },
  },
  {
    name: 'Reddit',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: cursor, path: data.after, param: after, items: data.children }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'data.after', param: 'after' }, bare: true, unsure: true },
    serve: ({ query }, total) => {
      const start = startOf(query['after'])
      const children = ids(total, start).map(({ id }) => ({ kind: 't', data: { name: `x${id}` } }))
      return {
        json: {
          kind: 'Listing',
          data: {
            after: tokenFor(start + SIZE, total) ?? null,
            dist: children.length,
            modhash: '',
            geo_filter: '',
            children,
            before: null,
          },
        },
      }
    },
  },
  {
    name: 'Square',
    step: 'params: { limit: 10 }',
    explicit:
      'paginate: { type: cursor, path: cursor, items: customers, stop: { when: "{{ response.customers is not defined }}" } }',
    ends: ['when_true', 'no_next', 'no_next'],
    auto: { choice: { type: 'cursor', path: 'cursor', param: 'cursor' }, bare: true, unsure: true },
    serve: ({ query }, total) => {
      const start = startOf(query['cursor'])
      const next = tokenFor(start + SIZE, total)
      const customers = ids(total, start)
      return { json: { ...(customers.length > 0 && { customers }), ...(next !== undefined && { cursor: next }) } }
    },
  },
  {
    name: 'Twitch',
    step: 'params: { first: 10 }',
    explicit: 'paginate: { type: cursor, path: pagination.cursor, param: after, items: data }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'pagination.cursor', param: 'after' }, bare: true, unsure: true },
    serve: ({ query }, total) => {
      const start = startOf(query['after'])
      const next = tokenFor(start + SIZE, total)
      return { json: { data: ids(total, start), pagination: next === undefined ? {} : { cursor: next } } }
    },
  },
  {
    name: 'Box marker',
    step: 'params: { usemarker: true, limit: 10 }',
    explicit: 'paginate: { type: cursor, path: next_marker, param: marker, items: entries }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'next_marker', param: 'marker' }, bare: true },
    serve: ({ query }, total) => {
      const start = startOf(query['marker'])
      return { json: { entries: ids(total, start), limit: 10, next_marker: tokenFor(start + SIZE, total) ?? '' } }
    },
  },
]
