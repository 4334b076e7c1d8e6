import { describe, expect, it } from 'vitest'
import { parsePlaybook } from './parse-playbook'
import type { HttpStep, Step } from './playbook'

const HEAD = 'apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: { name: a, path: a/b }\n'

/** A workflow whose second step, from line 11 on, has these lines. */
const http = (lines: string): string =>
  `${HEAD}workload: { url: "http://api", key: "{{ secret.KEY }}", items: [1] }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ workload.url }}"
${lines
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`

/** `line:column code message | hint` of each diagnostic. */
function told(text: string): string[] {
  return parsePlaybook(text).diagnostics.map(
    ({ line, column, code, message, hint }) =>
      `${line}:${column} ${code} ${message}${hint === null ? '' : ` | ${hint}`}`,
  )
}

function stepOf(text: string): Step | undefined {
  const { playbook, diagnostics } = parsePlaybook(text)
  expect(diagnostics).toEqual([])
  return playbook?.workflow[1]
}

function httpStepOf(lines: string): HttpStep {
  const step = stepOf(http(lines))
  if (step?.tool !== 'http') throw new Error('not an http step')
  return step
}

const REFUSALS: [string, string, string[]][] = [
  [
    'an unknown key, with the nearest known one',
    http('retry: { on_eror: { when: "1" } }\nparms: { a: 1 }'),
    [
      '11:14 unknown_key `on_eror` is not a key of retry | Did you mean `on_error`?',
      '12:5 unknown_key `parms` is not a key of an http step | Did you mean `params`?',
    ],
  ],
  [
    'a template without quotes',
    `${HEAD}workflow:\n  - step: start\n    url: {{ a }}\n`,
    ['6:11 yaml a key must be a plain text | Put quotes around a value that begins with {{: "{{ … }}".'],
  ],
  [
    'a second document, which nobody would run',
    `${HEAD}workflow:\n  - step: start\n---\nworkflow: []\n`,
    ['6:1 yaml a second document begins here | A file holds one playbook: remove the --- between.'],
  ],
  [
    'a step named before it can have finished',
    http(
      'params: { a: "{{ fetch.stats }}", b: "{{ last.stats }}", c: "{{ last | default(1) }}" }\nnext: [{ step: last, when: "{{ fetch.stats }}" }]',
    ).concat('  - step: last\n    tool: http\n    url: "{{ workload.url }}/{{ fetch.stats.items }}"\n'),
    [
      '11:22 unknown_name the step `fetch` has not finished here | A step is known by its name in its `next` and in the steps after it.',
      '11:46 unknown_name the step `last` has not finished here | It runs after this step.',
    ],
  ],
  [
    'a secret that is looked at instead of passed on',
    http(
      'headers: { a: "{{ secret.A | length }}", b: "{{ secret.A.upper() }}", c: "{{ 1 if secret.A == 2 }}", d: "{{ secret }}" }\n' +
        `params: { a: "{{ 'x' ~ secret.A }}", b: "{{ secret.A if workload.items else secret.B }}", c: "{{ secret.A | default('') }}" }`,
    ),
    [
      ...['11:23', '11:53', '11:87'].map(
        (at) =>
          `${at} secret_not_allowed \`secret.A\` can't be looked at here | A secret can only be passed on whole, or joined to text: "Bearer {{ secret.NAME }}".`,
      ),
      '11:113 secret_not_allowed a secret is named: secret.NAME | A secret can only be passed on whole, or joined to text: "Bearer {{ secret.NAME }}".',
    ],
  ],
  [
    'a wrong indentation',
    `${HEAD}workflow:\n  - step: start\n   tool: http\n`,
    [
      '6:1 yaml Sequence item without - indicator | Check the indentation, and whether a quote, a bracket or a colon is missing.',
    ],
  ],
  [
    'a quote that is not closed',
    `${HEAD}workflow:\n  - step: start\n    tool: "http\n`,
    ['7:1 yaml Missing closing "quote | Check the indentation, and whether a quote, a bracket or a colon is missing.'],
  ],
  ['a key that is there twice', http('url: x'), ['11:5 duplicate_key this key is there twice']],
  ['a cyclic alias', 'a: &a [*a]', ['1:7 cyclic_alias an alias may not point to what contains it']],
  [
    'a text that is no playbook',
    'x',
    ['1:1 not_a_playbook a playbook is an object (key: value) | It begins with apiVersion: noetl.io/v1.'],
  ],
  [
    'an empty text',
    '',
    ['1:1 not_a_playbook a playbook is an object (key: value) | It begins with apiVersion: noetl.io/v1.'],
  ],
  [
    'what is missing',
    'kind: Playbook\nmetadata: {}\nworkflow: []',
    [
      '1:1 missing `apiVersion` is missing | It must be noetl.io/v1.',
      '2:1 missing `name` is missing | It must be a text.',
      '3:1 wrong_type `workflow` must be a list with at least one step, not an empty list',
    ],
  ],
  [
    'a path out of its folder',
    'apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: { name: a, path: ../b }\nworkflow: [{ step: start }]',
    [
      '3:28 wrong_type `path` must be a path of letters, digits, . _ and -, with / between, such as pagination/basic, not the text `../b`',
    ],
  ],
  [
    'a name that is no path',
    'apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: { name: my playbook }\nworkflow: [{ step: start }]',
    ['3:19 missing `path` is missing, and the name can’t stand for it | Give a path such as pagination/basic.'],
  ],
  [
    'unknown names inside templates',
    http('params: { a: "{{ workload.ulr }}", b: "{{ enpoint.x }}", c: "{{ response.x }}" }'),
    [
      '11:22 unknown_name `workload` has no `ulr` | Did you mean `url`?',
      '11:47 unknown_name `enpoint` is not known here | Known here: workload, start, fetch, secret, env, execution_id.',
      '11:69 unknown_name `response` is not known here | It is known in retry, paginate, fail_when and sink.',
    ],
  ],
  [
    'places inside folded, escaped and literal texts',
    http(
      `params:\n  a: >\n    some text\n    {{ workload.ulr }}\n  b: "a\\t\\"{{ nope }}"\n  c: |\n    x\n\n      {{ wrokload }}\n  d: 'it''s {{ foo }}'`,
    ),
    [
      '14:12 unknown_name `workload` has no `ulr` | Did you mean `url`?',
      '15:19 unknown_name `nope` is not known here | Known here: workload, start, fetch, secret, env, execution_id.',
      '19:14 unknown_name `wrokload` is not known here | Did you mean `workload`?',
      '20:20 unknown_name `foo` is not known here | Known here: workload, start, fetch, secret, env, execution_id.',
    ],
  ],
  [
    'a template that can’t be read',
    http('params: { a: "{{ 1 + }}", b: "{{ 1 | itn }}", c: "{% include \'x\' %}" }'),
    [
      '11:26 template unexpected `}}`',
      '11:42 template there is no filter itn | Did you mean `int`?',
      '11:58 template the tag include is not part of templates; if, for and set are | Every field is a template of its own: write it out, or put what is shared into the workload.',
    ],
  ],
  [
    'secrets where none may stand, also through the workload',
    http('method: "{{ secret.A }}"\nfail_when: response.a == workload.key'),
    [
      '11:17 secret_not_allowed the secret in `secret.A` may not be used here | Secrets go into url, params, headers, body, json, form and auth.',
      '12:30 secret_not_allowed the secret in `workload.key` may not be used here | Secrets go into url, params, headers, body, json, form and auth.',
    ],
  ],
  [
    'a condition that is text',
    http('fail_when: "{{ response.a }} and {{ response.b }}"'),
    [
      '11:17 not_an_expression this must be one {{ expression }}; text around it would always count as true | Put all of it inside: "{{ workload.a == 1 }}".',
    ],
  ],
  [
    'durations and numbers',
    http('timeout: 30s\nmax_response_bytes: -1\nretry: { on_error: { max_attempts: 1.5, initial_delay: -1 } }'),
    [
      '11:14 wrong_type `timeout` must be a number of seconds, not the text `30s`',
      '12:25 wrong_type `max_response_bytes` must be a whole number of at least 1, not `-1`',
      '13:40 wrong_type `max_attempts` must be a whole number, not `1.5`',
      '13:60 wrong_type `initial_delay` must be a number of seconds, 0 or more, not `-1`',
    ],
  ],
  [
    'a page before the first one',
    http('paginate: { type: page, start: -1 }'),
    ['11:36 wrong_type `start` must be a whole number of 0 or more, or a template, not `-1`'],
  ],
  [
    'a type where the object belongs that has it',
    http('paginate: auto'),
    [
      '11:15 wrong_type `paginate` must be an object with a type: page, offset, cursor, last_record, next_url, link, graphql, auto or none, not the text `auto` | Write `paginate: { type: auto }`.',
    ],
  ],
  [
    'words that aren’t there',
    http('paginate: { type: pag }'),
    [
      '11:23 wrong_type `type` must be one of page, offset, cursor, last_record, next_url, link, graphql, auto, none, not the text `pag` | Did you mean `page`?',
    ],
  ],
  [
    'an unknown tool',
    `${HEAD}workflow:\n  - step: start\n    tool: htpp\n`,
    [
      '6:11 wrong_type `tool` must be one of http, postgres, transform, assert, playbook, not the text `htpp` | Did you mean `http`?',
    ],
  ],
  [
    'pages of retry that can never end',
    http('retry: { on_success: { while: "{{ true }}", next_call: { params: { a: 1 } } } }'),
    ['11:14 endless this pagination can never end | Say how long it goes on with `while`, or give `max_attempts`.'],
  ],
  [
    'the same page again and again',
    http('retry: { on_success: { while: response.more } }'),
    [
      '11:14 endless without `next_call` the same page would be asked for again and again | Say what the next request changes, such as params.',
    ],
  ],
  [
    'pages of paginate that can never end, and a path that can’t be read',
    http('paginate: { type: page, stop: { empty_page: false }, items: "a[" }'),
    [
      '11:5 endless this pagination can never end | Keep empty_page, or say when to stop: has_more_path, total_items_path, when, max_pages …',
      "11:65 invalid_path the path `a[` can't be read from `[` on | write a.b.c, ['odd.key'], [0], [*], [?(@.rel=='next')], or $ for the whole body",
    ],
  ],
  [
    'two ways to page at once',
    http(
      'retry: { on_success: { while: response.more, next_call: { url: "{{ response.next }}" } } }\npaginate: { type: auto }',
    ),
    ['12:5 conflict `paginate` and pages in `retry` say the same thing: keep one of them'],
  ],
  ['two bodies', http('json: {}\nform: {}'), ['12:5 conflict `json` and `form` exclude each other']],
  [
    'a cursor from nowhere',
    http('paginate: { type: cursor }'),
    ['11:5 missing `path` or `header` is missing: where the cursor is'],
  ],
  [
    'a step that doesn’t exist, and circles',
    http('next: [{ step: fetc }, { step: start }]'),
    [
      '11:20 unknown_step there is no step `fetc` | Did you mean `fetch`?',
      '11:36 cycle this leads back to `start`: a workflow may not go in circles | Use loop or paginate to repeat something.',
    ],
  ],
  [
    'names used twice and a missing start',
    `${HEAD}workflow:\n  - step: strat\n  - step: strat\n`,
    [
      '4:1 no_start no step is called `start`, where a workflow begins | Did you mean `strat`?',
      '6:11 duplicate_step there is already a step `strat` | It is number 1.',
    ],
  ],
  [
    'a collection that can’t be one',
    http('loop: { collection: abc, element: e, chunk_size: 2 }'),
    [
      '11:25 wrong_type `collection` must be a list, an object, or a template that gives one',
      '11:42 conflict `chunk_size` goes with mode: chunked',
    ],
  ],
  [
    'a sink without rows or with a strange table',
    http('sink: { tool: postgres, table: "a;drop", data: {} }'),
    ['11:36 wrong_type `table` must be a table, as schema.table in plain letters, digits and _, not the text `a;drop`'],
  ],
  [
    'a step behind the end',
    `${HEAD}workflow:\n  - { step: start, next: [{ step: end }] }\n  - { step: end, next: [{ step: more }] }\n  - { step: more }\n`,
    ['6:18 conflict a workflow ends at `end`, so nothing can come after it | Give this step another name.'],
  ],
  [
    'an element that would hide what templates are made of',
    http('loop: { collection: [1], element: workload }'),
    ['11:39 reserved_name `workload` means something else in templates'],
  ],
  [
    'an upsert without key',
    http('sink: { tool: postgres, table: a.b, mode: upsert, data: {} }'),
    ['11:5 missing `key` is missing: upsert needs the columns of the unique key'],
  ],
]

describe('parsePlaybook', () => {
  it.each(REFUSALS)('says where there is %s', (_what, text, expected) => {
    expect(told(text)).toEqual(expected)
    expect(parsePlaybook(text).playbook).toBeNull()
  })

  it('warns of a step that nothing leads to, and takes the playbook all the same', () => {
    const { playbook, diagnostics } = parsePlaybook(`${HEAD}workflow:\n  - step: start\n  - step: lost\n`)
    expect(playbook?.workflow).toHaveLength(2)
    expect(diagnostics).toMatchObject([
      { severity: 'warning', code: 'unreachable_step', line: 6, column: 11, path: '/workflow/1/step' },
    ])
  })

  it('gives offsets that cut the faulty word out of the text', () => {
    const text = http('params: { a: "{{ workload.ulr }}" }')
    const [diagnostic] = parsePlaybook(text).diagnostics
    expect(text.slice(diagnostic?.from, diagnostic?.to)).toBe('workload.ulr')
    expect(diagnostic?.path).toBe('/workflow/1/params/a')
  })

  it.each([
    ['too much text', `# ${'x'.repeat(260 * 1024)}`, 'too_large'],
    ['too many characters of several bytes', `# ${'é'.repeat(140 * 1024)}`, 'too_large'],
    ['nesting that is never closed', `a: ${'['.repeat(20_000)}`, 'yaml'],
    ['closed deep nesting', `a: ${'['.repeat(500)}${']'.repeat(500)}`, 'too_deep'],
    ['a billion laughs', laughs(9), 'too_many_aliases'],
    ['too many values', `a: [${'1,'.repeat(60_000)}]`, 'too_large'],
  ])(
    'refuses %s in time',
    (_what, text, code) => {
      // Of the processor: on a busy machine the clock goes on while others work.
      const started = process.cpuUsage()
      expect(parsePlaybook(text).diagnostics[0]?.code).toBe(code)
      expect(process.cpuUsage(started).user).toBeLessThan(3_000_000)
    },
    60_000,
  )

  it('takes __proto__ for a key like any other', () => {
    const { playbook } = parsePlaybook(
      `${HEAD}workload: { __proto__: { polluted: 1 }, constructor: 2 }\nworkflow: [{ step: start }]`,
    )
    expect(Object.keys(playbook?.workload ?? {})).toEqual(['__proto__', 'constructor'])
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it('keeps 64-bit integers', () => {
    const { playbook } = parsePlaybook(`${HEAD}workload: { id: 9007199254740993 }\nworkflow: [{ step: start }]`)
    expect(playbook?.workload.id).toBe(9007199254740993n)
  })
})

describe('retry', () => {
  const policy = {
    when: '{{ error.status == 503 }}',
    unless: null,
    maxAttempts: 5,
    initialDelay: 0.5,
    backoffMultiplier: 2,
    maxDelay: 60,
    jitter: false,
    methods: null,
    maxWait: 3600,
  }
  const pages = {
    kind: 'while',
    while: '{{ response.more }}',
    maxAttempts: 10,
    nextCall: { params: { page: '{{ response.page + 1 }}' }, headers: null, url: null, method: null },
    collect: { path: 'data', strategy: 'append', into: 'pages' },
  }
  const mapping = `retry:
  on_error: { when: "{{ error.status == 503 }}", max_attempts: 5, initial_delay: 0.5 }
  on_success:
    while: "{{ response.more }}"
    max_attempts: 10
    next_call: { params: { page: "{{ response.page + 1 }}" } }
    collect: { strategy: append, path: data, into: pages }
    sink: { tool: postgres, table: a.b, data: { n: "{{ result | length }}" } }`
  const list = `retry:
  - when: "{{ error.status == 503 }}"
    then: { max_attempts: 5, initial_delay: 0.5 }
  - when: "{{ response.more }}"
    then:
      max_attempts: 10
      next_call: { params: { page: "{{ response.page + 1 }}" } }
      collect: { strategy: extend, path: data, into: pages }
      sink: { tool: postgres, table: a.b, data: { n: "{{ result | length }}" } }`

  it.each([
    ['mapping', mapping],
    ['list', list],
  ])('means the same in its %s form', (_form, text) => {
    const step = httpStepOf(text)
    expect(step.retry).toEqual({ onError: [policy] })
    expect(step.pagination).toEqual(pages)
    expect(step.sinks).toEqual([
      {
        tool: 'postgres',
        per: 'iteration',
        credential: null,
        action: { kind: 'rows', table: 'a.b', mode: 'insert', key: [], data: { n: '{{ result | length }}' } },
      },
    ])
  })

  it('is kept as it was written', () => {
    expect(JSON.stringify(httpStepOf(list).written)).toContain('"max_attempts":5,"initial_delay":0.5}')
    expect(JSON.stringify(httpStepOf(list).written)).toContain('"strategy":"extend"')
    expect(httpStepOf('paginate: { type: page }').written).toEqual({ paginate: { type: 'page' } })
  })

  it('has an older flat form', () => {
    const flat =
      'retry: { max_attempts: 5, initial_delay: 0.5, retry_when: "{{ error.status == 503 }}", stop_when: error.attempt > 2 }'
    expect(httpStepOf(flat).retry).toEqual({ onError: [{ ...policy, unless: '{{ error.attempt > 2 }}' }] })
  })

  it('may leave out the braces of a condition', () => {
    const step = httpStepOf('retry: { on_error: { when: error.status == 503, max_attempts: 5, initial_delay: 0.5 } }')
    expect(step.retry).toEqual({ onError: [policy] })
  })

  it('is empty when nothing is said', () => {
    expect(httpStepOf('method: post')).toMatchObject({ retry: { onError: [] }, pagination: null, method: 'POST' })
  })
})

describe('paginate', () => {
  it.each([
    ['page', { type: 'page', param: 'page', start: 1, limitParam: null, limit: null, in: 'query' }],
    ['offset', { type: 'offset', param: 'offset', start: 0, limitParam: 'limit', limit: null }],
    [
      'cursor, path: next',
      { type: 'cursor', path: 'next', header: null, param: 'cursor', endValues: [null, '', false] },
    ],
    ['cursor, header: X-Next', { type: 'cursor', path: null, header: 'x-next' }],
    ['last_record, field: id, param: since', { type: 'last_record', field: 'id', param: 'since' }],
    ['next_url, path: next', { type: 'next_url', path: 'next' }],
    ['link', { type: 'link', rel: 'next' }],
    [
      'graphql, page_info: data.x.pageInfo',
      { type: 'graphql', in: 'json', param: 'variables.cursor', backward: false },
    ],
    ['auto', { type: 'auto', parallel: 1, interval: 0, onPageError: 'fail', loopGuard: 'all', injectFirst: true }],
    ['none', { type: 'none' }],
  ])('by %s has its defaults', (keys, expected) => {
    expect(httpStepOf(`paginate: { type: ${keys} }`).pagination).toMatchObject({ kind: 'paginate', ...expected })
  })

  it('stops at an empty page unless told otherwise', () => {
    const stop = { emptyPage: true, shortPage: false, statusCodes: [], maxPages: null, hasMorePath: null }
    expect(httpStepOf('paginate: { type: page }').pagination).toMatchObject({ stop })
  })
})

function laughs(levels: number): string {
  const lines = ['l0: &l0 [x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level <= levels; level += 1) {
    lines.push(`l${level}: &l${level} [${Array.from({ length: 9 }, () => `*l${level - 1}`).join(', ')}]`)
  }
  return lines.join('\n')
}
