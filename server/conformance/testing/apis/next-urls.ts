import { SIZE, asked, ids, startOf, tokenFor, pageStart } from '../api-answers'
import type { Api } from '../api-suite'

/** APIs whose answers have the URL of the next page. */
export const NEXT_URLS: Api[] = [
  {
    name: 'Bitbucket',
    step: 'params: { pagelen: 10 }',
    explicit: 'paginate: { type: next_url, path: next, items: values }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'next' }, bare: true },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      return {
        json: {
          pagelen: 10,
          size: total,
          page,
          values: ids(total, pageStart(request)),
          ...(page * SIZE < total && { next: `API:/items?pagelen=10&page=${page + 1}` }),
        },
      }
    },
  },
  {
    name: 'Salesforce',
    step: 'params: { q: SELECT Id FROM Account }',
    explicit:
      'paginate: { type: next_url, path: nextRecordsUrl, items: records, stop: { total_items_path: totalSize } }',
    ends: 'total_reached',
    auto: { choice: { type: 'next_url', path: 'nextRecordsUrl', stop: { total_items_path: 'totalSize' } }, bare: true },
    serve: ({ path }, total) => {
      const start = Number(/-(\d+)$/.exec(path)?.[1] ?? 0)
      const done = start + SIZE >= total
      return {
        json: {
          totalSize: total,
          done,
          ...(!done && { nextRecordsUrl: `/services/data/v58.0/query/01gx-${start + SIZE}` }),
          records: ids(total, start).map(({ id }) => ({ attributes: { type: 'Account' }, Id: `A${id}` })),
        },
      }
    },
  },
  {
    name: 'Microsoft Graph',
    step: 'params: { $top: 10 }',
    explicit: 'paginate: { type: next_url, path: "[\'@odata.nextLink\']", items: value }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: "['@odata.nextLink']" }, bare: true, unsure: true },
    serve: ({ query }, total) => {
      const start = startOf(query['$skiptoken'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: {
          '@odata.context': 'API:/v1.0/$metadata#users',
          ...(next !== undefined && { '@odata.nextLink': `API:/items?$top=10&$skiptoken=${next}` }),
          value: ids(total, start),
        },
      }
    },
  },
  {
    name: 'Microsoft Graph delta',
    explicit: 'paginate: { type: next_url, path: "@odata.nextLink", items: value }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: "['@odata.nextLink']" } },
    serve: ({ query }, total) => {
      const start = startOf(query['$skiptoken'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: {
          '@odata.context': 'API:/v1.0/$metadata#users',
          ...(next === undefined
            ? { '@odata.deltaLink': 'API:/items/delta?$deltatoken=zzz' }
            : { '@odata.nextLink': `API:/items?$skiptoken=${next}` }),
          value: ids(total, start),
        },
      }
    },
  },
  {
    name: 'OData 2 (SAP)',
    step: 'params: { $format: json }',
    explicit: 'paginate: { type: next_url, path: d.__next, items: d.results }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'd.__next' }, bare: true },
    serve: ({ query }, total) => {
      const start = startOf(query['$skiptoken'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: {
          d: {
            results: ids(total, start),
            ...(next !== undefined && { __next: `API:/items?$format=json&$skiptoken=${next}` }),
          },
        },
      }
    },
  },
  {
    name: 'Azure Resource Manager',
    explicit: 'paginate: { type: next_url, path: nextLink, items: value }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'nextLink' } },
    serve: ({ query }, total) => {
      const next = tokenFor(startOf(query['$skiptoken']) + SIZE, total)
      return {
        json: {
          value: ids(total, startOf(query['$skiptoken'])),
          ...(next !== undefined && { nextLink: `API:/items?$skiptoken=${next}` }),
        },
      }
    },
  },
  {
    name: 'Zendesk cursor',
    step: "params: { 'page[size]': 10 }",
    explicit: 'paginate: { type: next_url, path: links.next, items: users, stop: { has_more_path: meta.has_more } }',
    ends: 'has_more_false',
    auto: { choice: { type: 'next_url', path: 'links.next', stop: { has_more_path: 'meta.has_more' } }, bare: true },
    serve: ({ query }, total) => {
      const start = startOf(query['page[after]'])
      const after = tokenFor(start + SIZE, 1e9)
      return {
        json: {
          users: ids(total, start),
          meta: { has_more: start + SIZE < total, after_cursor: after, before_cursor: 'b' },
          links: {
            prev: 'API:/items?page%5Bbefore%5D=b',
            next: `API:/items?page%5Bafter%5D=${after}&page%5Bsize%5D=10`,
          },
        },
      }
    },
  },
  {
    name: 'Zendesk offset',
    step: 'params: { per_page: 10 }',
    explicit: 'paginate: { type: next_url, path: next_page, items: users }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'next_page', stop: { total_items_path: 'count' } }, bare: true },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      return {
        json: {
          users: ids(total, pageStart(request)),
          next_page: page * SIZE < total ? `API:/items?page=${page + 1}&per_page=10` : null,
          previous_page: null,
          count: total,
        },
      }
    },
  },
  {
    name: 'Confluence 2',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: next_url, path: _links.next, items: results }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: '_links.next' }, bare: true, unsure: true },
    serve: ({ query }, total) => {
      const start = startOf(query['cursor'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: {
          results: ids(total, start),
          _links: {
            base: 'API:/wiki',
            ...(next !== undefined && { next: `/wiki/api/v2/pages?limit=10&cursor=${next}` }),
          },
        },
      }
    },
  },
  {
    name: 'Twilio',
    step: 'params: { PageSize: 10 }',
    explicit: 'paginate: { type: next_url, path: next_page_uri, items: messages }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'next_page_uri' }, bare: true },
    serve: ({ query }, total) => {
      const start = startOf(query['PageToken'])
      const next = tokenFor(start + SIZE, total)
      const page = start / SIZE
      return {
        json: {
          first_page_uri: '/items?PageSize=10&Page=0',
          end: start + 9,
          previous_page_uri: null,
          messages: ids(total, start),
          uri: '/items?PageSize=10&Page=0',
          page_size: 10,
          start,
          next_page_uri: next === undefined ? null : `/items?PageSize=10&Page=${page + 1}&PageToken=${next}`,
          page,
        },
      }
    },
  },
  {
    name: 'Twilio, newer APIs',
    step: 'params: { PageSize: 10 }',
    explicit: 'paginate: { type: next_url, path: meta.next_page_url, items: services }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'meta.next_page_url' }, bare: true },
    serve: ({ query }, total) => {
      const start = startOf(query['PageToken'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: {
          meta: {
            first_page_url: 'API:/items?PageSize=10&Page=0',
            key: 'services',
            next_page_url: next === undefined ? null : `API:/items?PageSize=10&Page=1&PageToken=${next}`,
            page: start / SIZE,
            page_size: 10,
            previous_page_url: null,
            url: 'API:/items?PageSize=10&Page=0',
          },
          services: ids(total, start),
        },
      }
    },
  },
  {
    name: 'Facebook Graph',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: next_url, path: paging.next, items: data }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'paging.next' }, bare: true },
    serve: ({ query }, total) => {
      const start = startOf(query['after'])
      const next = tokenFor(start + SIZE, total)
      const data = ids(total, start)
      return {
        json: {
          data,
          ...(data.length > 0 && {
            paging: {
              cursors: { before: 'QVFI', after: tokenFor(start + data.length, 1e9) },
              ...(next !== undefined && { next: `API:/v18.0/1/items?limit=10&after=${next}` }),
            },
          }),
        },
      }
    },
  },
  {
    name: 'Asana',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: cursor, path: next_page.offset, param: offset, items: data }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'next_page.uri' }, bare: true },
    serve: ({ query }, total) => {
      const start = startOf(query['offset'])
      if (query['offset'] !== undefined && start === 0)
        return { status: 400, json: { errors: [{ message: 'offset: Your pagination token is invalid.' }] } }
      const next = tokenFor(start + SIZE, total)
      return {
        json: {
          data: ids(total, start),
          next_page:
            next === undefined
              ? null
              : { offset: next, path: `/items?limit=10&offset=${next}`, uri: `API:/items?limit=10&offset=${next}` },
        },
      }
    },
  },
]
