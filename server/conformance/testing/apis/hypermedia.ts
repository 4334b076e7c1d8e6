import { SIZE, asked, ids, startOf, tokenFor, pageStart } from '../api-answers'
import type { Api } from '../api-suite'

/** Frameworks and formats with links among their answers. */
export const HYPERMEDIA: Api[] = [
  {
    name: 'Klaviyo (JSON:API)',
    step: "params: { 'page[size]': 10 }",
    explicit: 'paginate: { type: next_url, path: links.next, items: data }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'links.next' }, bare: true },
    serve: ({ query }, total) => {
      const start = startOf(query['page[cursor]'])
      const next = tokenFor(start + SIZE, total)
      return {
        headers: { 'content-type': 'application/vnd.api+json' },
        json: {
          data: ids(total, start).map(({ id }) => ({
            type: 'profile',
            id: `P${id}`,
            attributes: {},
            links: { self: 'x' },
          })),
          links: {
            self: 'API:/items',
            next: next === undefined ? null : `API:/items?page%5Bcursor%5D=${next}&page%5Bsize%5D=10`,
            prev: null,
          },
          included: [],
        },
      }
    },
  },
  {
    name: 'Spotify',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: next_url, path: next, items: items }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'next', stop: { total_items_path: 'total' } }, bare: true },
    serve: (request, total) => {
      const start = asked(request, 'offset', 0)
      return {
        json: {
          href: `API:/items?offset=${start}&limit=10`,
          items: ids(total, start),
          limit: 10,
          next: start + SIZE < total ? `API:/items?offset=${start + SIZE}&limit=10` : null,
          offset: start,
          previous: null,
          total,
        },
      }
    },
  },
  {
    name: 'Spotify search',
    step: 'params: { q: x, type: track, limit: 10 }',
    explicit: 'paginate: { type: next_url, path: tracks.next, items: tracks.items }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'tracks.next', stop: { total_items_path: 'tracks.total' } }, bare: true },
    serve: (request, total) => {
      const start = asked(request, 'offset', 0)
      return {
        json: {
          tracks: {
            href: `API:/items?offset=${start}&limit=10`,
            items: ids(total, start),
            limit: 10,
            next: start + SIZE < total ? `API:/items?q=x&type=track&offset=${start + SIZE}&limit=10` : null,
            offset: start,
            previous: null,
            total,
          },
        },
      }
    },
  },
  {
    name: 'Django REST framework',
    explicit: 'paginate: { type: next_url, path: next, items: results }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'next', stop: { total_items_path: 'count' } } },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      return {
        json: {
          count: total,
          next: page * SIZE < total ? `API:/items?page=${page + 1}` : null,
          previous: page > 1 ? 'API:/items' : null,
          results: ids(total, pageStart(request)),
        },
      }
    },
  },
  {
    name: 'Django REST framework, cursor',
    explicit: 'paginate: { type: next_url, path: next, items: results }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'next' } },
    serve: ({ query }, total) => {
      const start = startOf(query['cursor'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: {
          next: next === undefined ? null : `API:/items?cursor=${next}`,
          previous: null,
          results: ids(total, start),
        },
      }
    },
  },
  {
    name: 'Laravel resource',
    explicit: 'paginate: { type: next_url, path: links.next, items: data }',
    ends: 'no_next',
    auto: {
      choice: {
        type: 'next_url',
        path: 'links.next',
        stop: { total_items_path: 'meta.total', total_pages_path: 'meta.last_page' },
      },
    },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      const last = Math.max(1, Math.ceil(total / SIZE))
      const data = ids(total, pageStart(request))
      const url = (n: number): string => `API:/items?page=${n}`
      return {
        json: {
          data,
          links: {
            first: url(1),
            last: url(last),
            prev: page > 1 ? url(page - 1) : null,
            next: page < last ? url(page + 1) : null,
          },
          meta: {
            current_page: page,
            from: data.length === 0 ? null : pageStart(request) + 1,
            last_page: last,
            links: [
              { url: null, label: '&laquo; Previous', active: false },
              { url: url(1), label: '1', active: true },
              { url: page < last ? url(page + 1) : null, label: 'Next &raquo;', active: false },
            ],
            path: 'API:/items',
            per_page: 10,
            to: data.length === 0 ? null : pageStart(request) + data.length,
            total,
          },
        },
      }
    },
  },
  {
    name: 'Laravel flat',
    explicit: 'paginate: { type: page, items: data, stop: { total_pages_path: last_page } }',
    ends: 'total_reached',
    auto: {
      choice: {
        type: 'next_url',
        path: 'next_page_url',
        stop: { total_items_path: 'total', total_pages_path: 'last_page' },
      },
    },
    serve: (request, total) => {
      const page = asked(request, 'page', 1)
      const last = Math.max(1, Math.ceil(total / SIZE))
      const data = ids(total, pageStart(request))
      const url = (n: number): string => `API:/items?page=${n}`
      return {
        json: {
          current_page: page,
          data,
          first_page_url: url(1),
          from: data.length === 0 ? null : pageStart(request) + 1,
          last_page: last,
          last_page_url: url(last),
          links: [
            { url: null, label: '&laquo; Previous', active: false },
            { url: page < last ? url(page + 1) : null, label: 'Next &raquo;', active: false },
          ],
          next_page_url: page < last ? url(page + 1) : null,
          path: 'API:/items',
          per_page: 10,
          prev_page_url: null,
          to: null,
          total,
        },
      }
    },
  },
  {
    name: 'Laravel cursor',
    explicit: 'paginate: { type: next_url, path: next_page_url, items: data }',
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'next_page_url' } },
    serve: ({ query }, total) => {
      const start = startOf(query['cursor'])
      const next = tokenFor(start + SIZE, total) ?? null
      return {
        json: {
          data: ids(total, start),
          path: 'API:/items',
          per_page: 10,
          next_cursor: next,
          next_page_url: next && `API:/items?cursor=${next}`,
          prev_cursor: null,
          prev_page_url: null,
        },
      }
    },
  },
  {
    name: 'FHIR bundle',
    step: 'params: { _count: 10 }',
    explicit: `retry:
  on_success:
    while: "{{ response.link | selectattr('relation', 'equalto', 'next') | list | length > 0 }}"
    next_call: { url: "{{ (response.link | selectattr('relation', 'equalto', 'next') | first).url }}" }
    collect: { path: entry }`,
    ends: 'while_false',
    auto: {
      choice: { type: 'next_url', path: "link[?(@.relation=='next')].url", stop: { total_items_path: 'total' } },
      bare: true,
    },
    serve: ({ query }, total) => {
      const start = asked({ query } as never, '_getpagesoffset', 0)
      const entry = ids(total, start).map(({ id }) => ({ resource: { resourceType: 'Patient', id: `p${id}` } }))
      return {
        headers: { 'content-type': 'application/fhir+json' },
        json: {
          resourceType: 'Bundle',
          type: 'searchset',
          total,
          link: [
            { relation: 'self', url: 'API:/items?_count=10' },
            ...(start + SIZE < total
              ? [{ relation: 'next', url: `API:/items?_getpages=abc&_getpagesoffset=${start + SIZE}&_count=10` }]
              : []),
          ],
          ...(entry.length > 0 && { entry }),
        },
      }
    },
  },
  {
    name: 'STAC / OGC API Features (links by rel)',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: next_url, path: "links[?(@.rel==\'next\')].href", items: features }',
    ends: 'no_next',
    auto: {
      choice: { type: 'next_url', path: "links[?(@.rel=='next')].href", stop: { total_items_path: 'numberMatched' } },
      bare: true,
    },
    serve: ({ query }, total) => {
      const start = startOf(query['token'])
      const next = tokenFor(start + SIZE, total)
      return {
        headers: { 'content-type': 'application/geo+json' },
        json: {
          type: 'FeatureCollection',
          features: ids(total, start),
          links: [
            { rel: 'self', href: 'API:/items' },
            ...(next === undefined ? [] : [{ rel: 'next', href: `API:/items?limit=10&token=${next}` }]),
          ],
          numberMatched: total,
          numberReturned: ids(total, start).length,
        },
      }
    },
  },
]
