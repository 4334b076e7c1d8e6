import { expect } from 'vitest'
import { wireSuite, rows, type Row } from './testing/suite'
import type { Answer } from './testing/scripted-server'

const LINK = 'paginate: { type: link, items: data }'
const answer = (from: number, link: string | string[] | null): Answer => ({
  json: { data: rows(from, 2) },
  headers: { link },
})

/** Every header here names `/items?page=2` as the next page. */
const SPELLINGS: [string, string | string[]][] = [
  ['quoted rel', '<API:/items?page=2>; rel="next"'],
  ['rel as a token', '<API:/items?page=2>; rel=next'],
  ['no space after the semicolon', '<API:/items?page=2>;rel="next"'],
  ['spaces and tabs around everything', ' <API:/items?page=2> \t;\t rel = "next" '],
  ['rel in capitals', '<API:/items?page=2>; REL="NEXT"'],
  ['several rels in one', '<API:/items?page=2>; rel="last next"'],
  ['several links in one header', '<API:/items?page=1>; rel="prev", <API:/items?page=2>; rel="next"'],
  ['several headers', ['<API:/items?page=1>; rel="first"', '<API:/items?page=2>; rel="next"']],
  ['other parameters before rel', '<API:/items?page=2>; title="more"; type="application/json"; rel="next"'],
  ['a comma inside quotes', '<API:/items?page=1>; title="a, b"; rel="first", <API:/items?page=2>; rel="next"'],
  ['a semicolon inside quotes', '<API:/items?page=2>; title="a; rel=prev"; rel="next"'],
  ['an escaped quote', '<API:/items?page=2>; title="say \\"hi\\", you"; rel="next"'],
  ['rel twice, of which the first counts', '<API:/items?page=2>; rel="next"; rel="prev"'],
  ['a parameter without a value', '<API:/items?page=2>; crossorigin; rel="next"'],
  ['an extended parameter', '<API:/items?page=2>; title*=UTF-8\'\'n%c3%a4chste; rel="next"'],
  ['empty list members', ', ,<API:/items?page=2>; rel="next",,'],
  ['a root-relative target', '</items?page=2>; rel="next"'],
  ['a path-relative target', '<items?page=2>; rel="next"'],
  ['a query-relative target', '<?page=2>; rel="next"'],
  ['a scheme-relative path with dots', '</a/../items?page=2>; rel="next"'],
  ['a trailing semicolon', '<API:/items?page=2>; rel="next";'],
  ['rel before an URI rel', '<API:/items?page=2>; rel="next https://api.test/rels/more"'],
  ['a fragment that is dropped', '<API:/items?page=2#top>; rel="next"'],
]

const spellings = SPELLINGS.map(([name, header]): Row => ({
  name: `a Link header with ${name}`,
  step: LINK,
  script: [answer(1, header), answer(3, null)],
  requests: ['/items', '/items?page=2'],
  items: [1, 2, 3, 4],
  stop: 'no_next',
}))

wireSuite('Link headers', [
  ...spellings,
  {
    name: 'a comma inside the target is part of it',
    step: LINK,
    script: [answer(1, '<API:/items?ids=1,2;3>; rel="next"'), answer(3, null)],
    requests: ['/items', '/items?ids=1,2;3'],
    items: 4,
    stop: 'no_next',
  },
  {
    name: 'another rel when asked for it',
    step: 'paginate: { type: link, rel: older, items: data }',
    script: [
      answer(1, '</items?page=9>; rel=next, </items?page=2>; rel=Older'),
      answer(3, '</items?page=9>; rel=next'),
    ],
    requests: ['/items', '/items?page=2'],
    items: 4,
    stop: 'no_next',
  },
  {
    name: "a next of another context is not this page's",
    step: LINK,
    script: [
      answer(1, '</comments?page=2>; rel="next"; anchor="/comments", </items?page=2>; rel="next"'),
      answer(3, null),
    ],
    requests: ['/items', '/items?page=2'],
    items: 4,
    stop: 'no_next',
  },
  {
    name: 'a next of another context alone is the end, which the event explains',
    step: LINK,
    script: [answer(1, '<API:/items?page=2>; rel="next"; anchor="#comments"')],
    requests: ['/items'],
    items: 2,
    stop: 'no_next',
    also: ({ events }) => expect(JSON.stringify(events)).toContain('only of the anchor'),
  },
  {
    name: 'anchors that are this page, in any spelling',
    step: LINK,
    script: [
      answer(1, '</items?page=2>; rel="next"; anchor="API:/items"'),
      answer(3, '</items?page=3>; rel="next"; anchor=""'),
      answer(5, '<?page=4>; anchor="?page=3"; rel="next"'),
      answer(7, null),
    ],
    requests: ['/items', '/items?page=2', '/items?page=3', '/items?page=4'],
    items: 8,
    stop: 'no_next',
  },
  {
    name: 'no next among the rels',
    step: LINK,
    script: [answer(1, '</items?page=1>; rel="prev first"')],
    requests: ['/items'],
    items: 2,
    stop: 'no_next',
  },
  {
    name: 'a next page by its number that leaves out the page size is told where the pages differ',
    step: `params: { q: x, per_page: 2 }\n${LINK}`,
    script: [
      { json: { data: rows(1, 2) }, headers: { link: '<?page=2>; rel="next"' } },
      { json: { data: rows(4, 3) }, headers: { link: '<?page=3>; rel="next"' } },
      { json: { data: rows(7, 1) } },
    ],
    requests: ['/items?q=x&per_page=2', '/items?page=2', '/items?page=3'],
    items: 6,
    stop: 'no_next',
    warnings: ['params_left_out', 'server_page_size_differs'],
  },
  {
    name: 'a next page by a token, an offset, or with a size of its own may have another size',
    step: `params: { per_page: 2 }\n${LINK}`,
    script: [
      answer(1, '</items?cursor=b>; rel="next"'),
      { json: { data: rows(3, 3) }, headers: { link: '</items?offset=5>; rel="next"' } },
      { json: { data: rows(6, 1) }, headers: { link: '</items?page=4&limit=3>; rel="next"' } },
      { json: { data: rows(7, 3) }, headers: { link: '</items?page=5>; rel="next"' } },
      answer(10, null),
    ],
    requests: ['/items?per_page=2', '/items?cursor=b', '/items?offset=5', '/items?page=4&limit=3', '/items?page=5'],
    items: 11,
    stop: 'no_next',
  },
  {
    name: 'a next that says of itself that it has no results is the end',
    step: LINK,
    script: [
      answer(1, '<API:/items?page=2>; rel="next"; results="true"'),
      answer(3, '<API:/items?page=3>; rel="next"; results="false"; cursor="0:4:0"'),
    ],
    requests: ['/items', '/items?page=2'],
    items: 4,
    stop: 'no_next',
  },
  {
    name: 'a header without angle brackets is an error and no end',
    step: LINK,
    script: [answer(1, 'API:/items?page=2; rel="next"')],
    requests: ['/items'],
    items: 0,
    error: 'bad_link_header',
  },
  {
    name: 'an unclosed quote is an error and no end',
    step: LINK,
    script: [answer(1, '<API:/items?page=2>; rel="next')],
    requests: ['/items'],
    items: 0,
    error: 'bad_link_header',
  },
  {
    name: 'a link to itself is a loop',
    step: LINK,
    script: [answer(1, '</items>; rel=next')],
    requests: ['/items'],
    items: 0,
    error: 'loop_detected',
  },
  {
    name: 'a cycle of three is a loop',
    step: LINK,
    script: ({ query }) => {
      const page = Number(query['page'] ?? 1)
      return answer(page * 10, `</items?page=${(page % 3) + 1}>; rel=next`)
    },
    requests: ['/items', '/items?page=2', '/items?page=3', '/items?page=1'],
    items: 6,
    error: 'loop_detected',
  },
  {
    name: 'another origin is refused',
    step: LINK,
    script: [answer(1, '<OTHER:/items?page=2>; rel=next')],
    requests: ['/items'],
    items: 0,
    error: 'cross_origin_denied',
  },
  {
    name: 'another origin that is allowed gets no credentials',
    step: `${LINK}
auth: { type: bearer, token: "{{ secret.TOKEN }}" }
cross_origin: ["{{ workload.other }}"]`,
    secrets: { TOKEN: 'geheim-123' },
    script: [answer(1, '<OTHER:/items?page=2>; rel=next'), answer(3, null)],
    requests: ['/items', 'other:/items?page=2'],
    items: 4,
    stop: 'no_next',
    warnings: ['credentials_stripped'],
    also: (_, [first, second]) => {
      if (first?.headers['authorization'] !== 'Bearer geheim-123') throw new Error('the first request has no token')
      if (second?.headers['authorization'] !== undefined) throw new Error('the token went to the other origin')
    },
  },
  {
    name: 'a next page that fails for good keeps what came before',
    step: LINK,
    script: [answer(1, '</items?page=2>; rel=next'), { status: 404, json: {} }],
    requests: ['/items', '/items?page=2'],
    items: 2,
    error: 'http_error',
  },
])

const NEXT = 'paginate: { type: next_url, path: next, items: data }'
const next = (from: number, url: unknown): Answer => ({ json: { data: rows(from, 2), next: url } })

/** From `/items?limit=2&page=1` to the second request. */
const REFERENCES: [string, unknown, string][] = [
  ['an absolute URL', 'API:/items?limit=2&page=2', '/items?limit=2&page=2'],
  ['a root-relative path', '/items?page=2', '/items?page=2'],
  ['a relative path', 'items?page=2', '/items?page=2'],
  ['only a query', '?page=2', '/items?page=2'],
  ['another path', '/v2/items/after/17', '/v2/items/after/17'],
  ['a dotted path', './items?page=2', '/items?page=2'],
  ['a repeated parameter', '?page=2&tag=a&tag=b', '/items?page=2&tag=a&tag=b'],
  ['an escaped query', '?q=a%26b%20c&page=2', '/items?q=a%26b%20c&page=2'],
  ['a signed query, kept byte for byte', '?sig=a%2Fb+c%3D%3d&page=2', '/items?sig=a%2Fb+c%3D%3d&page=2'],
  ['a user name, which is not sent', 'API:/items?page=2', '/items?page=2'],
  ['an object with href', { href: '/items?page=2' }, '/items?page=2'],
  ['surrounding spaces', ' /items?page=2 ', '/items?page=2'],
  ['a fragment', '/items?page=2#x', '/items?page=2'],
  ['letters beyond ASCII', '?q=gr%C3%BCn', '/items?q=gr%C3%BCn'],
]

wireSuite('next URLs', [
  ...REFERENCES.map(([name, url, target]): Row => ({
    name: `${name} replaces the query that was sent`,
    step: `params: { limit: 2, page: 1 }\n${NEXT}`,
    script: [next(1, url), next(3, null)],
    requests: ['/items?limit=2&page=1', target],
    items: 4,
    stop: 'no_next',
  })),
  ...([null, '', false] as const).map((end): Row => ({
    name: `${JSON.stringify(end)} is the end`,
    step: NEXT,
    script: [next(1, end)],
    requests: ['/items'],
    items: 2,
    stop: 'no_next',
  })),
  ...['ftp://x/y', 'javascript:alert(1)', 'file:///etc/passwd', 'http://[bad', 'data:text/plain,x'].map((url): Row => ({
    name: `${url} is refused`,
    step: NEXT,
    script: [next(1, url)],
    requests: ['/items'],
    items: 0,
    error: 'bad_next_url',
  })),
  {
    name: 'a number where a URL is due is refused',
    step: NEXT,
    script: [next(1, 2)],
    requests: ['/items'],
    items: 0,
    error: 'bad_next_url',
  },
  {
    name: 'a scheme-relative URL of another host is refused',
    step: NEXT,
    script: [next(1, '//evil.test/items?page=2')],
    requests: ['/items'],
    items: 0,
    error: 'cross_origin_denied',
  },
  {
    name: 'a secret in the query stays although the next URL leaves it out, and is stored nowhere',
    step: `params: { key: "{{ secret.KEY }}", page: 1 }\n${NEXT}`,
    secrets: { KEY: 'geheim-key' },
    script: [next(1, '/items?page=2'), next(3, null)],
    requests: ['/items?key=geheim-key&page=1', '/items?page=2&key=geheim-key'],
    items: 4,
    stop: 'no_next',
    also: ({ events, pages }) => {
      if (JSON.stringify([events, pages]).includes('geheim')) throw new Error('the key is on record')
    },
  },
  {
    name: 'a path inside objects and a key with dots',
    step: `paginate: { type: next_url, path: "['@odata.nextLink']", items: value }`,
    script: [{ json: { value: rows(1, 2), '@odata.nextLink': '/items?$skip=2' } }, { json: { value: rows(3, 1) } }],
    requests: ['/items', '/items?$skip=2'],
    items: 3,
    stop: 'no_next',
  },
  {
    name: 'relative to where a redirect led',
    step: NEXT,
    script: [{ status: 307, headers: { location: '/v2/items' } }, next(1, '?page=2'), next(3, null)],
    requests: ['/items', '/v2/items', '/v2/items?page=2'],
    items: 4,
    stop: 'no_next',
  },
])
