import { SIZE, bodyRefusal, ids, numbers, refusal, startOf, tokenFor, pagesOf } from '../api-answers'
import type { Api } from '../api-suite'

/** How far each scroll is, by its total. */
const scrolls = new Map<string, number>()

/** APIs that are asked by a query in a body, or go on elsewhere. */
export const QUERIES: Api[] = [
  {
    name: 'GitHub GraphQL',
    step: 'method: POST\njson: { query: "query($cursor: String) { repository(owner: a, name: b) { issues(first: 10, after: $cursor) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } } }" }',
    explicit:
      'paginate: { type: graphql, page_info: data.repository.issues.pageInfo, items: data.repository.issues.nodes }',
    ends: 'has_more_false',
    auto: {
      choice: {
        type: 'graphql',
        page_info: 'data.repository.issues.pageInfo',
        param: 'variables.cursor',
        stop: {
          has_more_path: 'data.repository.issues.pageInfo.hasNextPage',
          total_items_path: 'data.repository.issues.totalCount',
        },
      },
    },
    serve: ({ body }, total) => {
      const start = startOf(JSON.parse(body).variables?.cursor)
      const nodes = ids(total, start)
      return {
        json: {
          data: {
            repository: {
              issues: {
                totalCount: total,
                nodes,
                pageInfo: {
                  hasNextPage: start + SIZE < total,
                  endCursor: nodes.length === 0 ? null : tokenFor(start + nodes.length, 1e9),
                },
              },
            },
          },
        },
      }
    },
  },
  {
    name: 'Shopify GraphQL',
    step: 'method: POST\njson: { query: "query P($after: String) { products(first: 10, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }" }',
    explicit:
      'paginate: { type: graphql, page_info: data.products.pageInfo, param: variables.after, items: "data.products.edges" }',
    ends: 'has_more_false',
    auto: {
      choice: {
        type: 'graphql',
        page_info: 'data.products.pageInfo',
        param: 'variables.after',
        stop: { has_more_path: 'data.products.pageInfo.hasNextPage' },
      },
    },
    serve: ({ body }, total) => {
      const start = startOf(JSON.parse(body).variables?.after)
      const edges = ids(total, start).map(({ id }) => ({ node: { id: `gid:Product${id}` } }))
      return {
        json: {
          data: {
            products: {
              edges,
              pageInfo: {
                hasNextPage: start + SIZE < total,
                endCursor: edges.length === 0 ? null : tokenFor(start + edges.length, 1e9),
              },
            },
          },
          extensions: { cost: { requestedQueryCost: 12 } },
        },
      }
    },
  },
  {
    name: 'Elasticsearch from/size',
    step: 'method: POST\njson: { from: 0, size: 10 }',
    explicit:
      'paginate: { type: offset, in: json, param: from, limit_param: size, limit: 10, items: hits.hits, stop: { total_items_path: hits.total.value } }',
    ends: 'total_reached',
    auto: {
      choice: { type: 'offset', param: 'from', start: 0, in: 'json', stop: { total_items_path: 'hits.total.value' } },
    },
    serve: (request, total) => {
      const { from } = JSON.parse(request.body)
      return {
        json: {
          took: 5,
          timed_out: false,
          _shards: { total: 5, successful: 5, skipped: 0, failed: 0 },
          hits: { total: { value: total, relation: 'eq' }, max_score: 1, hits: ids(total, from) },
        },
      }
    },
  },
  {
    name: 'Elasticsearch whose total is a lower bound',
    step: 'method: POST\njson: { from: 0, size: 10 }',
    explicit: 'paginate: { type: offset, in: json, param: from, limit_param: size, limit: 10, items: hits.hits }',
    ends: 'empty_page',
    auto: { choice: { type: 'offset', param: 'from', start: 0, in: 'json' } },
    serve: (request, total) => {
      const { from } = JSON.parse(request.body)
      return {
        json: {
          took: 5,
          hits: {
            total: total > 12 ? { value: 12, relation: 'gte' } : { value: total, relation: 'eq' },
            max_score: 1,
            hits: ids(total, from),
          },
        },
      }
    },
  },
  {
    name: 'Elasticsearch search_after',
    step: 'method: POST\njson: { size: 10, sort: [{ id: asc }] }',
    explicit: 'paginate: { type: last_record, in: json, field: sort, param: search_after, items: hits.hits }',
    ends: 'no_next',
    auto: {
      choice: { type: 'offset', param: 'from', start: 0, in: 'json', stop: { total_items_path: 'hits.total.value' } },
    },
    serve: (request, total) => {
      const sent = JSON.parse(request.body)
      const start = Number(sent.search_after?.[0] ?? sent.from ?? 0)
      const hits = numbers(total, start).map((n) => ({ sort: [n] }))
      return (
        refusal(request, ['scroll']) ??
        bodyRefusal(request, ['size', 'sort', 'query', 'from', 'search_after']) ?? {
          json: {
            took: 5,
            timed_out: false,
            _shards: { total: 5, successful: 5, skipped: 0, failed: 0 },
            hits: { total: { value: total, relation: 'eq' }, max_score: null, hits },
          },
        }
      )
    },
  },
  {
    name: 'Elasticsearch scroll',
    step: 'method: POST\nheaders: { content-type: application/json }\nparams: { scroll: 1m }\njson: { size: 10 }',
    explicit: `retry:
  on_success:
    while: "{{ response.hits.hits | length > 0 }}"
    next_call:
      url: "{{ workload.api }}/_search/scroll"
      params: { scroll: null }
      body: '{"scroll":"1m","scroll_id":"{{ response._scroll_id }}"}'
    collect: { path: hits.hits }`,
    ends: 'while_false',
    auto: {
      refused: /the API has more \(hits.total.value is 23, 10 came\), but no way to its second page/,
    },
    serve: (request, total) => {
      const sent = JSON.parse(request.body)
      const isNext = request.path === '/_search/scroll'
      if (isNext && ('scroll' in request.query || 'size' in sent)) return { status: 400, json: { error: 'unknown' } }
      const key = `${total}`
      scrolls.set(key, isNext ? (scrolls.get(key) ?? 0) + SIZE : 0)
      const hits = ids(total, scrolls.get(key) ?? 0)
      return (
        refusal(request, ['scroll']) ?? {
          json: {
            _scroll_id: 'DXF1ZXJ5',
            took: 5,
            timed_out: false,
            _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
            hits: { total: { value: total, relation: 'eq' }, max_score: 1, hits },
          },
        }
      )
    },
  },
  {
    name: 'Algolia',
    step: 'method: POST\njson: { query: x, hitsPerPage: 10 }',
    explicit: 'paginate: { type: page, in: json, start: 0, items: hits, stop: { total_pages_path: nbPages } }',
    ends: 'total_reached',
    auto: {
      choice: {
        type: 'page',
        param: 'page',
        start: 0,
        in: 'json',
        stop: { total_items_path: 'nbHits', total_pages_path: 'nbPages' },
      },
    },
    serve: (request, total) => {
      const page = Number(JSON.parse(request.body).page ?? 0)
      return (
        bodyRefusal(request, ['query', 'hitsPerPage', 'page']) ?? {
          json: {
            hits: ids(total, page * SIZE),
            nbHits: total,
            page,
            nbPages: pagesOf(total),
            hitsPerPage: 10,
            exhaustiveNbHits: true,
            query: 'x',
            params: 'query=x',
          },
        }
      )
    },
  },
  {
    name: 'DynamoDB',
    step: 'method: POST\nheaders: { x-amz-target: DynamoDB_20120810.Scan }\njson: { TableName: t, Limit: 10 }',
    explicit: 'paginate: { type: cursor, in: json, path: LastEvaluatedKey, param: ExclusiveStartKey, items: Items }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'LastEvaluatedKey', param: 'ExclusiveStartKey', in: 'json' } },
    serve: (request, total) => {
      const start = Number(JSON.parse(request.body).ExclusiveStartKey?.id.N ?? 0)
      const items = ids(total, start).map(({ id }) => ({ id: { N: String(id) } }))
      // It gives a key whenever a page was full.
      return (
        bodyRefusal(request, ['TableName', 'Limit', 'ExclusiveStartKey']) ?? {
          headers: { 'content-type': 'application/x-amz-json-1.0' },
          json: {
            Items: items,
            Count: items.length,
            ScannedCount: items.length,
            ...(items.length === SIZE && { LastEvaluatedKey: { id: { N: String(start + SIZE) } } }),
          },
        }
      )
    },
  },
  {
    name: 'MediaWiki',
    step: 'params: { action: query, list: allpages, aplimit: 10, format: json }',
    explicit: `retry:
  on_success:
    while: "{{ response.continue is defined }}"
    next_call: { params: { apcontinue: "{{ response.continue.apcontinue }}", continue: "{{ response.continue.continue }}" } }
    collect: { path: query.allpages }`,
    ends: 'while_false',
    auto: {
      refused: /the API has more \(continue.continue is -\|\|\), but no way to its second page/,
    },
    serve: ({ query }, total) => {
      const start = startOf(query['apcontinue'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: {
          ...(next === undefined ? { batchcomplete: '' } : { continue: { apcontinue: next, continue: '-||' } }),
          query: { allpages: ids(total, start) },
        },
      }
    },
  },
  {
    name: 'Dropbox',
    step: 'url: "{{ workload.api }}/list_folder"\nmethod: POST\njson: { path: "", limit: 10 }',
    explicit: `retry:
  on_success:
    while: "{{ response.has_more }}"
    next_call: { url: "{{ workload.api }}/list_folder/continue", body: '{"cursor":"{{ response.cursor }}"}', headers: { content-type: application/json } }
    collect: { path: entries }`,
    ends: 'while_false',
    auto: {
      refused: /the API has more \(has_more is true\), but no way to its second page/,
    },
    serve: (request, total) => {
      const sent = JSON.parse(request.body)
      const isNext = request.path === '/list_folder/continue'
      const refused = refusal(request, []) ?? bodyRefusal(request, isNext ? ['cursor'] : ['path', 'limit'])
      const start = isNext ? startOf(sent.cursor) : 0
      return (
        refused ?? {
          json: { entries: ids(total, start), cursor: tokenFor(start + SIZE, 1e9), has_more: start + SIZE < total },
        }
      )
    },
  },
]
