import { describe, expect, it } from 'vitest'
import { parsePlaybook } from '../parse-playbook'

const playbook = (lines: string, head = ''): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: a, path: a/b }
workload: { url: "http://api", n: 1 ${head}}
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
${lines
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`

const http = (lines: string): string => playbook(`tool: http\nurl: "{{ workload.url }}"\n${lines}`)

const TAKEN = 'is taken as it stands: no template is evaluated here'
const WRITE = 'Write the value itself.'
const KEY = 'Only values are templates; write an object whose keys are made as one {{ expression }}.'
const OUT = 'A template can’t stand for this: write it out.'

/** `line:column severity code message | hint (path)` of each diagnostic. */
const told = (text: string): string[] =>
  parsePlaybook(text).diagnostics.map(
    ({ line, column, severity, code, message, hint, path }) =>
      `${line}:${column} ${severity} ${code} ${message} | ${hint} (${path})`,
  )

describe('text with braces where nothing is evaluated', () => {
  it.each<[string, string, string[]]>([
    [
      'a path into the body, and a name of a parameter',
      http('paginate:\n  type: page\n  items: "a.{{ workload.n }}"\n  param: "{{ workload.n }}"'),
      [
        `13:17 error not_a_template \`items\` ${TAKEN} | ${WRITE} (/workflow/1/paginate/items)`,
        `14:15 error not_a_template \`param\` ${TAKEN} | ${WRITE} (/workflow/1/paginate/param)`,
      ],
    ],
    [
      'keys of headers, params, bodies and inputs, however deep',
      http('headers: { "X-{{ workload.n }}": 1 }\njson:\n  a:\n    - { b: { "{% if 1 %}": 2 } }'),
      [
        `11:16 error not_a_template the key \`X-{{ workload.n }}\` ${TAKEN} | ${KEY} (/workflow/1/headers/X-{{ workload.n }})`,
        `14:18 error not_a_template the key \`{% if 1 %}\` ${TAKEN} | ${KEY} (/workflow/1/json/a/0/b/{% if 1 %})`,
      ],
    ],
    [
      'values of a list, and the name of a header',
      http(
        'auth: { type: api_key, name: "X-{{ workload.n }}", value: a }\npaginate: { type: cursor, path: a, end_values: ["{{ workload.n }}"] }',
      ),
      [
        `11:37 error not_a_template \`name\` ${TAKEN} | ${WRITE} (/workflow/1/auth/name)`,
        `12:54 error not_a_template entry 1 of \`end_values\` ${TAKEN} | ${WRITE} (/workflow/1/paginate/end_values/0)`,
      ],
    ],
    [
      'the name of a database',
      playbook('tool: postgres\nstatement: SELECT 1\ncredential: "{{ workload.n }}"'),
      [`11:18 error not_a_template \`credential\` ${TAKEN} | ${WRITE} (/workflow/1/credential)`],
    ],
    [
      'a JSONata expression',
      playbook('tool: transform\ninput: 1\nexpression: "$string(\'{{ workload.n }}\')"'),
      [
        `11:27 error not_a_template \`expression\` ${TAKEN} | An expression is no template: pass the value by \`input\` and read it there. (/workflow/1/expression)`,
      ],
    ],
    [
      'what people read, which is no reason not to run',
      http('desc: fetches {{ workload.n }}'),
      [`11:19 warning not_a_template \`desc\` ${TAKEN} | ${WRITE} (/workflow/1/desc)`],
    ],
  ])('is told: %s', (_what, text, expected) => {
    expect(told(text)).toEqual(expected)
  })

  it('is told once where the kind of value is wrong already, or the key', () => {
    expect(
      told(
        http(
          'timeout: "{{ workload.n }}"\nparms: { "{{ a }}": "{{ b }}" }\nloop: { collection: [1], element: "{{ a }}" }',
        ),
      ),
    ).toEqual([
      `11:14 error wrong_type \`timeout\` must be a number of seconds, not the text \`{{ workload.n }}\` | ${OUT} (/workflow/1/timeout)`,
      '12:5 error unknown_key `parms` is not a key of an http step | Did you mean `params`? (/workflow/1/parms)',
      `13:39 error wrong_type \`element\` must be a name of letters, digits and _, not the text \`{{ a }}\` | ${OUT} (/workflow/1/loop/element)`,
    ])
    expect(told(playbook('tool: htpp\nurl: "{{ workload.url }}"\nitems: "{{ b }}"'))).toHaveLength(1)
  })

  it('is none in JSONata, where braces may follow each other', () => {
    expect(told(playbook('tool: transform\ninput: [1]\nexpression: "$map($, function($v){{\\"a\\": $v}})"'))).toEqual(
      [],
    )
    expect(told(playbook('tool: transform\ninput: [1]\nexpression: "{{ workload.n }}"')).at(-1)).toContain(
      'An expression is no template',
    )
  })
})
