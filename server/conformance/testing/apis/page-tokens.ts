import { SIZE, bodyRefusal, ids, refusal, startOf, tokenFor } from '../api-answers'
import type { Api } from '../api-suite'

/** APIs that hand out tokens for pages. */
export const PAGE_TOKENS: Api[] = [
  {
    name: 'Google Drive',
    step: 'params: { pageSize: 10 }',
    explicit: 'paginate: { type: cursor, path: nextPageToken, param: pageToken, items: files }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'nextPageToken', param: 'pageToken' }, bare: true, unsure: true },
    serve: (request, total) => {
      const start = startOf(request.query['pageToken'])
      const next = tokenFor(start + SIZE, total)
      return (
        refusal(request, ['pageSize', 'pageToken']) ?? {
          json: {
            kind: 'drive#fileList',
            incompleteSearch: false,
            ...(next !== undefined && { nextPageToken: next }),
            files: ids(total, start),
          },
        }
      )
    },
  },
  {
    name: 'Google Calendar',
    step: 'params: { maxResults: 10 }',
    explicit: 'paginate: { type: cursor, path: nextPageToken, param: pageToken, items: items }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'nextPageToken', param: 'pageToken' }, bare: true, unsure: true },
    serve: (request, total) => {
      const start = startOf(request.query['pageToken'])
      const next = tokenFor(start + SIZE, total)
      return (
        refusal(request, ['maxResults', 'pageToken']) ?? {
          json: {
            kind: 'calendar#events',
            etag: 'e',
            summary: 'x',
            defaultReminders: [{ method: 'popup', minutes: 10 }],
            ...(next === undefined ? { nextSyncToken: 'sync' } : { nextPageToken: next }),
            items: ids(total, start),
          },
        }
      )
    },
  },
  {
    name: 'Gmail (leaves an empty list out)',
    step: 'params: { maxResults: 10 }',
    explicit:
      'paginate: { type: cursor, path: nextPageToken, param: pageToken, items: messages, stop: { when: "{{ response.messages is not defined }}" } }',
    ends: ['when_true', 'no_next', 'no_next'],
    auto: { choice: { type: 'cursor', path: 'nextPageToken', param: 'pageToken' }, bare: true, unsure: true },
    serve: (request, total) => {
      const start = startOf(request.query['pageToken'])
      const next = tokenFor(start + SIZE, total)
      const messages = ids(total, start)
      return (
        refusal(request, ['maxResults', 'pageToken']) ?? {
          json: {
            ...(messages.length > 0 && { messages }),
            ...(next !== undefined && { nextPageToken: next }),
            resultSizeEstimate: total === 0 ? 0 : 201,
          },
        }
      )
    },
  },
  {
    name: 'YouTube',
    step: 'params: { part: id, maxResults: 10 }',
    explicit: 'paginate: { type: cursor, path: nextPageToken, param: pageToken, items: items }',
    ends: 'no_next',
    auto: {
      choice: {
        type: 'cursor',
        path: 'nextPageToken',
        param: 'pageToken',
        stop: { total_items_path: 'pageInfo.totalResults' },
      },
      bare: true,
    },
    serve: (request, total) => {
      const start = startOf(request.query['pageToken'])
      const next = tokenFor(start + SIZE, total)
      return (
        refusal(request, ['part', 'maxResults', 'pageToken']) ?? {
          json: {
            kind: 'youtube#searchListResponse',
            etag: 'e',
            ...(next !== undefined && { nextPageToken: next }),
            ...(start > 0 && { prevPageToken: 'p' }),
            pageInfo: { totalResults: total, resultsPerPage: 10 },
            items: ids(total, start),
          },
        }
      )
    },
  },
  {
    name: 'YouTube whose total is too low',
    step: 'params: { part: id, maxResults: 10 }',
    explicit: 'paginate: { type: cursor, path: nextPageToken, param: pageToken, items: items }',
    ends: 'no_next',
    auto: { refused: /the API counts 12 items, 20 came/ },
    serve: (request, total) => {
      const start = startOf(request.query['pageToken'])
      const next = tokenFor(start + SIZE, total)
      return (
        refusal(request, ['part', 'maxResults', 'pageToken']) ?? {
          json: {
            kind: 'youtube#searchListResponse',
            ...(next !== undefined && { nextPageToken: next }),
            pageInfo: { totalResults: total > 12 ? 12 : total, resultsPerPage: 10 },
            items: ids(total, start),
          },
        }
      )
    },
  },
  {
    name: 'Jira search/jql',
    step: 'params: { jql: x, maxResults: 10 }',
    explicit: 'paginate: { type: cursor, path: nextPageToken, param: nextPageToken, items: issues }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'nextPageToken', param: 'nextPageToken' }, bare: true },
    serve: (request, total) => {
      const start = startOf(request.query['nextPageToken'])
      const next = tokenFor(start + SIZE, total)
      return (
        refusal(request, ['jql', 'maxResults', 'nextPageToken']) ?? {
          json: {
            issues: ids(total, start),
            ...(next !== undefined && { nextPageToken: next }),
            isLast: next === undefined,
          },
        }
      )
    },
  },
  {
    name: 'X',
    step: 'params: { max_results: 10 }',
    explicit:
      'paginate: { type: cursor, path: meta.next_token, param: pagination_token, items: data, stop: { when: "{{ response.meta.result_count == 0 }}" } }',
    ends: ['when_true', 'no_next', 'no_next'],
    auto: { choice: { type: 'cursor', path: 'meta.next_token', param: 'pagination_token' }, bare: true, unsure: true },
    serve: (request, total) => {
      const start = startOf(request.query['pagination_token'])
      const next = tokenFor(start + SIZE, total)
      const data = ids(total, start)
      return (
        refusal(request, ['max_results', 'pagination_token']) ?? {
          json: {
            ...(data.length > 0 && { data }),
            meta: {
              result_count: data.length,
              ...(data.length > 0 && { newest_id: 'n', oldest_id: 'o' }),
              ...(next !== undefined && { next_token: next }),
            },
          },
        }
      )
    },
  },
  {
    name: 'X search',
    step: 'params: { query: x, max_results: 10 }',
    explicit:
      'paginate: { type: cursor, path: meta.next_token, param: next_token, items: data, stop: { when: "{{ response.meta.result_count == 0 }}" } }',
    ends: ['when_true', 'no_next', 'no_next'],
    auto: { choice: { type: 'cursor', path: 'meta.next_token', param: 'next_token' }, bare: true, unsure: true },
    serve: (request, total) => {
      const start = startOf(request.query['next_token'])
      const next = tokenFor(start + SIZE, total)
      const data = ids(total, start)
      return (
        refusal(request, ['query', 'max_results', 'next_token']) ?? {
          json: {
            ...(data.length > 0 && { data }),
            meta: { result_count: data.length, ...(next !== undefined && { next_token: next }) },
          },
        }
      )
    },
  },
  {
    name: 'Kubernetes',
    step: 'params: { limit: 10 }',
    explicit: 'paginate: { type: cursor, path: metadata.continue, param: continue, items: items }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'metadata.continue', param: 'continue' }, bare: true, unsure: true },
    serve: ({ query }, total) => {
      const start = startOf(query['continue'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: {
          kind: 'PodList',
          apiVersion: 'v1',
          metadata: {
            resourceVersion: '815',
            ...(next !== undefined && { continue: next, remainingItemCount: total - start - SIZE }),
          },
          items: ids(total, start),
        },
      }
    },
  },
  {
    name: 'Datadog (JSON:API cursor in meta)',
    step: "params: { 'page[limit]': 10 }",
    explicit: "paginate: { type: cursor, path: meta.page.after, param: 'page[cursor]', items: data }",
    ends: 'no_next',
    auto: { choice: { type: 'next_url', path: 'links.next' }, bare: true, unsure: true },
    serve: ({ query }, total) => {
      const start = startOf(query['page[cursor]'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: {
          data: ids(total, start),
          meta: { page: next === undefined ? {} : { after: next }, status: 'done' },
          ...(next !== undefined && { links: { next: `API:/items?page[cursor]=${next}&page[limit]=10` } }),
        },
      }
    },
  },
  {
    name: 'Azure DevOps (token in a header)',
    step: 'params: { $top: 10 }',
    explicit: 'paginate: { type: cursor, header: x-ms-continuationtoken, param: continuationToken, items: value }',
    ends: 'no_next',
    auto: {
      choice: { type: 'cursor', header: 'x-ms-continuationtoken', param: 'continuationToken' },
      bare: true,
      unsure: true,
    },
    serve: ({ query }, total) => {
      const start = startOf(query['continuationToken'])
      const next = tokenFor(start + SIZE, total)
      return {
        json: { count: ids(total, start).length, value: ids(total, start) },
        headers: next === undefined ? {} : { 'x-ms-continuationtoken': next },
      }
    },
  },
  {
    name: 'AWS (NextToken in JSON)',
    step: 'method: POST\njson: { MaxResults: 10 }',
    explicit: 'paginate: { type: cursor, in: json, path: NextToken, param: NextToken, items: Parameters }',
    ends: 'no_next',
    auto: { choice: { type: 'cursor', path: 'NextToken', param: 'NextToken', in: 'json' }, unsure: true },
    serve: (request, total) => {
      const start = startOf(JSON.parse(request.body).NextToken)
      const next = tokenFor(start + SIZE, total)
      return (
        bodyRefusal(request, ['MaxResults', 'NextToken']) ?? {
          headers: { 'content-type': 'application/x-amz-json-1.1' },
          json: { Parameters: ids(total, start), ...(next !== undefined && { NextToken: next }) },
        }
      )
    },
  },
]
