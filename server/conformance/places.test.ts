import { describe, expect, test } from 'vitest'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import { compileElementPlan } from '@/domain/execution/element-plan'
import { stepOf } from './testing/run-on-wire'
import { rows, wireSuite } from './testing/suite'

const QUERIES =
  'json: { requests: [{ indexName: a, page: 0 }, { indexName: b, hitsPerPage: 1, page: 7 }], strategy: none }'
const sent = (page: number): string =>
  `POST /items {"requests":[{"indexName":"a","page":${page}},{"indexName":"b","hitsPerPage":1,"page":7}],"strategy":"none"}`

wireSuite('tokens inside lists of a JSON body', [
  {
    name: 'go into their element, the others kept as they are',
    step: `method: POST\n${QUERIES}
paginate: { type: page, in: json, param: "requests[0].page", start: 0, items: "results[0].hits", stop: { total_pages_path: "results[0].nbPages" } }`,
    script: (_, count) => ({ json: { results: [{ hits: rows(count * 2 + 1, 2), nbPages: 3 }, { hits: rows(1, 1) }] } }),
    requests: [sent(0), sent(1), sent(2)],
    items: [1, 2, 3, 4, 5, 6],
    stop: 'total_reached',
  },
  {
    name: 'may be counted from the end of the list',
    step: `method: POST\n${QUERIES}
paginate: { type: page, in: json, param: "requests[-2].page", start: 0, items: "results[0].hits", stop: { max_pages: 2 } }`,
    script: (_, count) => ({ json: { results: [{ hits: rows(count * 2 + 1, 2) }] } }),
    requests: [sent(0), sent(1)],
    items: 4,
    stop: 'max_pages',
    warnings: ['more_available'],
  },
  {
    name: 'may be a cursor that the element does not have yet',
    step: `method: POST
json: { queries: [{ q: x }] }
paginate: { type: cursor, in: json, param: "queries[0].paging.after", path: next, items: data }`,
    script: [
      { json: { data: rows(1, 2), next: 'n1' } },
      { json: { data: rows(3, 2), next: 'n2' } },
      { json: { data: rows(5, 1), next: null } },
    ],
    requests: [
      'POST /items {"queries":[{"q":"x"}]}',
      'POST /items {"queries":[{"q":"x","paging":{"after":"n1"}}]}',
      'POST /items {"queries":[{"q":"x","paging":{"after":"n2"}}]}',
    ],
    items: 5,
    stop: 'no_next',
  },
  {
    name: 'that are objects replace the one before, no key of it left (DynamoDB)',
    step: `method: POST
json: { TableName: t }
paginate: { type: cursor, in: json, param: ExclusiveStartKey, path: LastEvaluatedKey, items: Items }`,
    script: [
      { json: { Items: rows(1, 2), LastEvaluatedKey: { id: { N: '2' }, sort: { S: 'b' } } } },
      { json: { Items: rows(3, 2), LastEvaluatedKey: { id: { N: '4' } } } },
      { json: { Items: rows(5, 1) } },
    ],
    requests: [
      'POST /items {"TableName":"t"}',
      'POST /items {"TableName":"t","ExclusiveStartKey":{"id":{"N":"2"},"sort":{"S":"b"}}}',
      'POST /items {"TableName":"t","ExclusiveStartKey":{"id":{"N":"4"}}}',
    ],
    items: 5,
    stop: 'no_next',
  },
  {
    name: 'go under a key that holds dots itself, where the body has it',
    step: `method: POST
json: { "page.number": 1 }
paginate: { type: page, in: json, param: page.number, items: data, stop: { max_pages: 2 } }`,
    script: (_, count) => ({ json: { data: rows(count * 2 + 1, 2) } }),
    requests: ['POST /items {"page.number":1}', 'POST /items {"page.number":2}'],
    items: 4,
    stop: 'max_pages',
    warnings: ['more_available'],
  },
])

const compiling =
  (lines: string, scope: Record<string, unknown> = {}) =>
  (): unknown =>
    compileElementPlan({
      step: stepOf(lines),
      index: 0,
      scope: { workload: { api: 'http://a', ...scope } },
      secrets: new Map(),
    })

describe('a place that the request turns out not to have', () => {
  const JSON_BODY = 'method: POST\njson: "{{ workload.element }}"'

  test.each([
    ['an index beyond the list', 'requests[1].page', { requests: [{}] }, /`requests` is a list of 1/],
    ['a list without its index', 'requests.page', { requests: [{}] }, /`requests` is a list of 1/],
    ['an index where an object is', 'requests[0].page', { requests: { page: 1 } }, /`requests` is an object with page/],
    ['a text on the way', 'page.number', { page: 'x' }, /`page` is a text/],
    ['a list that is missing', 'requests[0].page', {}, /`requests` is missing/],
  ])('%s is an error before the first request', (_, param, body, message) => {
    const lines = `${JSON_BODY}\npaginate: { type: cursor, path: next, in: json, param: "${param}" }`
    expect(compiling(lines, { element: body })).toThrow(message)
  })

  test('a text body that JSON would replace, and a URL without the name', () => {
    const text = 'method: POST\nbody: "{{ workload.element }}"\npaginate: { type: page, in: json }'
    expect(compiling(text, { element: 'q=1' })).toThrow(/the body of the request is text/)
    expect(compiling('paginate: { type: page, in: path, param: p }')).toThrow(/no `\{p\}`/)
    expect(compiling('url: http://api/items?p={p}\npaginate: { type: page, in: path, param: p }')).toThrow(/no `\{p\}`/)
  })

  test('a place in the path that the first request has nothing for, unless it is the end of the path', () => {
    const cursor = 'paginate: { type: cursor, in: path, path: next }'
    expect(compiling(`url: http://api/items/{cursor}/list\n${cursor}`)).toThrow(
      /first request has nothing for `\{cursor\}`/,
    )
    expect(compiling(`url: http://api/items-{cursor}\n${cursor}`)).toThrow(/first request has nothing for `\{cursor\}`/)
    expect(compiling(`url: http://api/items/{cursor}?a=b\n${cursor}`)).not.toThrow()
  })
})

wireSuite('a token in the path', [
  {
    name: 'that the API gives is left out of the first request, with what follows it kept',
    step: `url: "{{ workload.api }}/items/{cursor}?size=2"
paginate: { type: cursor, in: path, path: next, items: data }`,
    script: [{ json: { data: rows(1, 2), next: 'a/b' } }, { json: { data: rows(3, 1), next: null } }],
    requests: ['/items?size=2', '/items/a%2Fb?size=2'],
    items: [1, 2, 3],
    stop: 'no_next',
    also: ({ pages }) =>
      expect(pages.map(({ request }) => request['url'])).toEqual([
        expect.stringMatching(/\/items$/),
        expect.stringMatching(/\/items\/a%2Fb$/),
      ]),
  },
])

const diagnosed = (lines: string): string[] => {
  const text = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: t, path: t }
workflow:
  - step: start
    tool: http
    method: POST
    url: http://api.test/items
${lines.replaceAll(/^/gm, '    ')}
`
  return parsePlaybook(text).diagnostics.map(({ code, message, line }) => `${line} ${code}: ${message}`)
}

describe('the validator, about the place of a token', () => {
  test.each([
    [
      'json: { requests: [{ page: 1 }] }\npaginate: { type: page, in: json, param: "requests[1].page" }',
      "10 invalid_path: `requests[1].page` can't be followed in the request: `requests` is a list of 1",
    ],
    [
      'json: { requests: [{ page: 1 }] }\npaginate: { type: page, in: json, param: "requests[*].page" }',
      '10 invalid_path: `requests[*].page` names no one place in the body',
    ],
    ['paginate: { type: auto, in: path }', '9 conflict: `auto` can not tell which place of the path is for the token'],
    [
      'json: {}\npaginate: { type: page, in: json, param: "page[number]" }',
      "10 invalid_path: the path `page[number]` can't be read from `[number]` on",
    ],
    [
      'json: { page: { size: 2 } }\npaginate: { type: page, in: json, param: page.no, limit_param: "pages[0]", limit: 2 }',
      "10 invalid_path: `pages[0]` can't be followed in the request: `pages` is missing",
    ],
    [
      'form: { q: x }\npaginate: { type: page, in: json }',
      '10 conflict: the token goes into `json`, but the request has `form`, which it would replace',
    ],
    [
      'json: { q: x }\npaginate: { type: page, in: form }',
      '10 conflict: the token goes into `form`, but the request has `json`, which it would replace',
    ],
    [
      'body: "a=1"\npaginate: { type: graphql, page_info: data.pageInfo }',
      '10 conflict: the token goes into `json`, but the request has `body`, which it would replace',
    ],
  ])('%s', (lines, message) => {
    expect(diagnosed(lines)).toEqual([message])
  })

  test.each([
    'json: { requests: "{{ workload.requests }}" }\npaginate: { type: page, in: json, param: "requests[3].page" }',
    'json: { requests: [{ a: 1 }] }\npaginate: { type: page, in: json, param: "requests[-1].page" }',
    'json: "{{ workload.element }}"\npaginate: { type: page, in: json, param: a.b }',
    'body: { a: 1 }\npaginate: { type: page, in: json, param: a_b }',
    'paginate: { type: page, in: json, param: paging.page }',
    'form: { q: x }\npaginate: { type: page, in: form, param: "page[number]" }',
  ])('has nothing against %s', (lines) => {
    const unknownNames = /unknown|undefined/
    expect(diagnosed(lines).filter((each) => !unknownNames.test(each))).toEqual([])
  })
})
