import { describe, expect, it } from 'vitest'
import { parsePlaybook } from '../parse-playbook'

const HEAD = 'apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: { name: a, path: a/b }\n'

const step = (lines: string): string => `${HEAD}workflow:
  - step: start
${lines.replaceAll(/^/gm, '    ')}
`

/** `path | hint` of each diagnostic. */
const hints = (text: string): string[] => parsePlaybook(text).diagnostics.map(({ path, hint }) => `${path} | ${hint}`)

describe('what NoETL writes in another way', () => {
  it.each<[string, string, string[]]>([
    [
      'the tool as an object',
      step('tool: { kind: http, url: "http://a" }'),
      ['/workflow/0/tool | Write `tool: http`, and its other keys beside it.'],
    ],
    [
      'a pipeline of tools',
      step('tool: [{ fetch: { kind: http } }]'),
      ['/workflow/0/tool | Write a step for each tool, joined by `next`.'],
    ],
    [
      'a tool that runs code',
      step('tool: { kind: python, code: x }'),
      [
        '/workflow/0/tool | There is no code in playbooks: a template calculates, `tool: transform` reshapes with JSONata, `tool: assert` checks.',
      ],
    ],
    [
      'the type of a step, and the next step as a text',
      step('type: start\nnext: end'),
      [
        '/workflow/0/type | Leave it out: a step without a tool only routes.',
        '/workflow/0/next | Write `next: [{ step: end }]`.',
        '/workflow/0/next | Add the step `- step: end`, or leave this out: a workflow ends where nothing follows.',
      ],
    ],
    [
      'next steps as texts',
      step('next: [two]').concat('  - step: two\n'),
      ['/workflow/0/next/0 | Write { step: two }.'],
    ],
    [
      'where an http step differs',
      step('tool: http\nurl: "http://a"\nendpoint: x\npayload: {}\nauth: github\nsave: {}\ncase: []\nvars: {}'),
      [
        '/workflow/0/endpoint | Write `url`.',
        '/workflow/0/payload | Write `json` for a JSON body, `form` for a form, `body` for any other.',
        '/workflow/0/auth | Write `credential: NAME` for a stored one, or an object with a `type`.',
        '/workflow/0/save | Write `sink: { tool: postgres, table, data }`.',
        '/workflow/0/case | Write `next: [{ step, when }]` for the way on, `retry` for tries and pages, `sink` for what to save.',
        '/workflow/0/vars | Nothing is handed over: a later step reads this one by its name, as {{ step_name.… }}.',
      ],
    ],
    [
      'where a loop differs',
      step('tool: http\nurl: "http://a"\nloop: { in: [1], iterator: e, collection: [1], element: e, mode: parallel }'),
      [
        '/workflow/0/loop/in | Write `collection`.',
        '/workflow/0/loop/iterator | Write `element`.',
        '/workflow/0/loop/mode | Write `async`, with `concurrency`.',
      ],
    ],
    [
      'where a database step and a sink differ',
      step(
        'tool: postgres\nstatement: SELECT 1\nauth: db\nsink: { tool: { kind: postgres }, table: a.b, data: {}, args: {} }',
      ),
      [
        '/workflow/0/auth | Write `credential: NAME`, a secret that holds postgres://…; without one it is the local database.',
        '/workflow/0/sink/tool | Write `tool: postgres`, and its other keys beside it.',
        '/workflow/0/sink/args | Write `data: { column: value }`.',
      ],
    ],
    [
      'retry with its condition outside, and the sink of an iteration',
      step('tool: http\nurl: "http://a"\nretry: { when: "{{ error.status == 429 }}", max_attempts: 3 }').concat(
        '  - step: two\n    tool: http\n    url: "http://a"\n    retry: [{ when: "{{ response.more }}", then: { max_attempts: 2, next_call: { params: { a: 1 } }, per_iteration: {} } }]\n',
      ),
      [
        '/workflow/0/retry/when | Write `on_error: { when, max_attempts, … }`, or `retry_when`.',
        '/workflow/1/retry/0/then/per_iteration | Write `sink` itself: it runs once an iteration, or with `per: page` once a page.',
      ],
    ],
    [
      'the version, and keys beside metadata',
      'apiVersion: noetl.io/v2\nkind: Playbook\nmetadata: { name: a, version: 1 }\nworkbook: []\nworkflow: [{ step: start }]\n',
      [
        '/apiVersion | Only this version runs here; change the number once every step is written in it.',
        '/metadata/version | Leave it out: nothing here reads it. A comment can keep it.',
        '/workbook | Write each of its tasks as a step of the workflow.',
      ],
    ],
    [
      'what a step has no key for',
      step(
        'tool: http\nurl: "http://a{{ token(1) }}"\nauth: { credential: db }\nverify_ssl: false\nnext: [{ step: two, cond: 1 }]',
      ).concat('  - { step: two, tool: playbook, path: a/b, timeout: 9 }\n'),
      [
        '/workflow/0/url | A token is fetched by `auth: { type: oauth2_client_credentials, … }`, or read as secret.NAME.',
        '/workflow/0/auth/type | Write `credential: NAME` on the step for a stored one, or its `type` here.',
        '/workflow/0/verify_ssl | Leave it out: certificates are always checked. http:// needs none.',
        '/workflow/0/next/0/cond | Write `when`.',
        '/workflow/1/timeout | It goes with `tool: http`; a database has its own statement_timeout.',
      ],
    ],
    [
      'names of templates',
      step('tool: http\nurl: "{{ vars.url }}{{ iter.endpoint }}"'),
      [
        '/workflow/0/url | Nothing is set: a step is read by its name, an input as workload.NAME.',
        '/workflow/0/url | The element is known by the name that `loop.element` gives it.',
      ],
    ],
  ])('is told with what to write: %s', (_what, text, expected) => {
    expect(hints(text)).toEqual(expected)
    expect(parsePlaybook(text).playbook).toBeNull()
  })
})
