import { describe, expect, it } from 'vitest'
import { evaluateCondition, evaluateTemplate, renderDeep } from './evaluate-template'
import { ABSENT } from './scope'
import { isSecretText, maskSecretText, resolveSecretText } from './secret-text'
import { TemplateError } from './template-error'

const scope = {
  workload: { url: 'http://api', pages: 3, tags: ['b', 'a', 'B'], big: 9007199254740993n, empty: [], none: null },
  endpoint: { name: 'users', path: '/users', items: [1, 2], 'odd.key': 'x' },
  response: {
    paging: { page: 1, hasMore: true },
    data: [
      { id: 1, on: true },
      { id: 2, on: false },
    ],
    status: '7',
    next: '',
  },
  env: { HOME: '/home' },
}

const VALUES: [string, unknown][] = [
  ['{{ workload.pages }}', 3],
  ['  {{ workload.pages }}\n', 3],
  ['{{ workload.tags }}', ['b', 'a', 'B']],
  ['{{ workload.url }}{{ endpoint.path }}', 'http://api/users'],
  ['a{{ workload.none }}b', 'ab'],
  ['x{{ response.paging.hasMore }}', 'xtrue'],
  ['x{{ response.paging }}', 'x{"page":1,"hasMore":true}'],
  ['{{ response.paging.hasMore == true }}', true],
  ['{{ response.paging.hasMore == True }}', true],
  ['{{ (response.paging.page | int) + 1 }}', 2],
  ['{{ response.status | int + 1 }}', 8],
  ['{{ workload.big }}', 9007199254740993n],
  ['{{ workload.big + 1 }}', 9007199254740994n],
  ['id={{ workload.big }}', 'id=9007199254740993'],
  ['{{ workload.big > 9007199254740992 }}', true],
  ["{{ '9007199254740993' | int }}", 9007199254740993n],
  ['{{ 9007199254740993 }}', 9007199254740993n],
  ['{{ 1e5 }}', 100_000],
  ['{{ 1.5e-3 }}', 0.0015],
  ['{{ 2E+2 - 1e2-1 }}', 99],
  ['{{ -1e-1*10 }}', -1],
  ['{{ [1.5e3,2e0] | sum }}', 1502],
  ['{{ 1e2 if 1e3 > 1.0e2 else 0 }}', 100],
  ['{{ 3 if 1 else 2 }}{{ 1.5 }}', '31.5'],
  ['{{ 9007199254740991 + 2 }}', 9007199254740993n],
  ['{{ {"a": 9007199254740993} | tojson }}', '{"a":9007199254740993}'],
  ['{{ 7 * 3 // 2 }}', 10],
  ['{{ 7 - 2 - 1 }}', 4],
  ['{{ 2 + 3 * 4 }}', 14],
  ['{{ -7 // 2 }}', -4],
  ['{{ -7 % 3 }}', 2],
  ['{{ 7 / 2 }}', 3.5],
  ['{{ 2 ** 10 }}', 1024],
  ['{{ 2 ** 63 }}', 9223372036854775808n],
  ['{{ 9007199254740993 ** 1 }}', 9007199254740993n],
  ['{{ 2 ** -1 }}', 0.5],
  ['{{ 10 ** 30 }}', 1e30],
  ['{{ "a" ~ 1 ~ none }}', 'a1'],
  ['{{ "a" + "b" }}', 'ab'],
  ['{{ [1] + [2] }}', [1, 2]],
  ['{{ 1 if workload.empty else 2 }}', 2],
  ['{{ 1 if false else 2 if false else 3 }}', 3],
  ['{{ 1 if false }}', null],
  ['{{ not workload.empty and not not 1 }}', true],
  ['{{ "" or "x" }}', 'x'],
  ['{{ 1 < 2 < 3 }}', true],
  ['{{ 429 in [429, 500] }}', true],
  ['{{ 1 not in [2] }}', true],
  ['{{ "page" in response.paging }}', true],
  ['{{ "ap" in workload.url }}', true],
  ['{{ workload.none is none }}', true],
  ['{{ workload.none is not none }}', false],
  ['{{ workload.nope is defined }}', false],
  ['{{ workload.nope.deep is undefined }}', true],
  ['{{ nope is defined }}', false],
  ['{{ workload.url is defined and workload.url is string }}', true],
  ['{{ endpoint is mapping }}', true],
  ['{{ 4 is divisibleby(2) and 3 is odd }}', true],
  ['{{ nope | default("d") }}', 'd'],
  ['{{ nope.a.b | default(1) }}', 1],
  ['{{ response.next | default("d", true) }}', 'd'],
  ['{{ response.next | d("e") }}', ''],
  ['{{ endpoint["odd.key"] }}', 'x'],
  ['{{ endpoint.items }}', [1, 2]],
  ['{{ endpoint.get("nope", 5) }}', 5],
  ['{{ endpoint.get("nope") }}', null],
  ['{{ workload.get("none", 5) }}', null],
  ['{{ [workload] | map(attribute="none", default=5) }}', [null]],
  ['{{ [workload] | map(attribute="nope", default=5) }}', [5]],
  ['{{ response.paging.items() | length }}', 2],
  ['{{ response.paging.keys() }}', ['page', 'hasMore']],
  ['{{ workload.tags[0] }}', 'b'],
  ['{{ workload.tags[-1] }}', 'B'],
  ['{{ workload.tags.0 }}', 'b'],
  ['{{ workload.tags[1:] }}', ['a', 'B']],
  ['{{ workload.tags[:-1] }}', ['b', 'a']],
  ['{{ workload.url[:4] }}', 'http'],
  ['{{ workload.tags | sort }}', ['a', 'b', 'B']],
  ['{{ workload.tags | unique }}', ['b', 'a']],
  ['{{ workload.tags | join(", ") }}', 'b, a, B'],
  ["{{ ', '.join(workload.tags) }}", 'b, a, B'],
  ['{{ workload.tags | first ~ workload.tags | last }}', 'bB'],
  ['{{ response.data | map(attribute="id") | list }}', [1, 2]],
  ['{{ response.data | map(attribute="id") | sum }}', 3],
  ['{{ response.data | sum(attribute="id") }}', 3],
  ['{{ response.data | selectattr("on") | map(attribute="id") }}', [1]],
  ['{{ response.data | rejectattr("id", "==", 1) | map(attribute="id") }}', [2]],
  ['{{ response.data | selectattr("nope", "defined") }}', []],
  ['{{ ["1", "2"] | map("int") }}', [1, 2]],
  ['{{ [1, 2, 3] | select("gt", 1) }}', [2, 3]],
  ['{{ [3, 1] | max - [3, 1] | min }}', 2],
  ['{{ "a-b-c".split("-") }}', ['a', 'b', 'c']],
  ['{{ "a b  c".split() }}', ['a', 'b', 'c']],
  ['{{ " x ".strip().upper() }}', 'X'],
  ['{{ "aXbX" | replace("X", "-") }}', 'a-b-'],
  ['{{ "hello world" | title }}', 'Hello World'],
  ['{{ 2.567 | round(2) }}', 2.57],
  ['{{ 2.5 | round }}', 3],
  ['{{ 1.005 | round(2) }}', 1.01],
  ['{{ 0.0000001 | round(2) }}', 0],
  ['{{ 0.00000015 | round(7) }}', 0.0000002],
  ['{{ 1234567.5 | round(15) }}', 1234567.5],
  ['{{ 12 | round(2) }}', 12],
  ['{{ -3 | abs }}', 3],
  ['{{ "x" | int(0) }}', 0],
  ['{{ "3.7" | int }}', 3],
  ['{{ "3.7" | float }}', 3.7],
  ['{{ range(3) }}', [0, 1, 2]],
  ['{{ range(5, 1, -2) }}', [5, 3]],
  ['{{ {"a": {"b": 1}} }}', { a: { b: 1 } }],
  ['{{ {"a": {}}}}', { a: {} }],
  ['{{ (1, 2) }}', [1, 2]],
  ['{{ [1, 2,] }}', [1, 2]],
  ['{{ "é&a b" | urlencode }}', '%C3%A9%26a%20b'],
  ['{% if workload.pages > 2 %}many{% elif workload.pages > 1 %}two{% else %}one{% endif %}', 'many'],
  ['{% for tag in workload.tags %}{{ loop.index }}{{ tag }}{% if not loop.last %},{% endif %}{% endfor %}', '1b,2a,3B'],
  ['{% for k, v in response.paging.items() %}{{ k }}={{ v }};{% endfor %}', 'page=1;hasMore=true;'],
  ['{% for k in workload.empty %}x{% else %}none{% endfor %}', 'none'],
  ['{% set a = 2 %}{{ a * 2 }}!', '4!'],
  ['{#- a comment -#}{{ 1 }}', 1],
  ['{{- 1 -}}  x', '1x'],
  ['no template #}', 'no template #}'],
]

describe('evaluateTemplate', () => {
  it.each(VALUES)('gives the value of %s', (source, expected) => {
    const value = evaluateTemplate(source, scope)
    expect(value).toEqual(expected)
  })

  const ERRORS: [string, RegExp, number, number][] = [
    ['{{ workload.ulr }}', /workload has no ulr/, 1, 13],
    ['a\n{{ workloat.url }}', /workloat is not defined/, 2, 4],
    ['{{ response.paging.page.x }}', /response.paging.page is a number and has no x/, 1, 25],
    ['{{ workload.none.x }}', /workload.none is None and has no x/, 1, 18],
    ['{{ workload.tags[7] }}', /a list without an element 7/, 1, 17],
    ['{{ 1 + "a" }}', /\+ doesn't take a number and a text/, 1, 6],
    ['{{ 1 / 0 }}', /division by zero/, 1, 6],
    ['{{ "abc" | int }}', /'abc' is not a whole number/, 1, 12],
    ['{{ 1 | itn }}', /there is no filter itn/, 1, 8],
    ['{{ 1 is nnoe }}', /there is no test nnoe/, 1, 9],
    ['{{ foo() }}', /there is no function foo/, 1, 4],
    ['{{ "a".uper() }}', /there is no method uper/, 1, 8],
    ['{{ 1 < "a" }}', /have no order/, 1, 6],
    ['{{ 1 + }}', /unexpected/, 1, 8],
    ['{{ (1 }}', /is expected here/, 1, 7],
    ['{{ "abc }}', /no closing quote/, 1, 4],
    ['{{ 1e }}', /unexpected 1e|`1e`/, 1, 4],
    ['{{ 1e400 }}', /not part of templates/, 1, 4],
    ['{{ 0x10 }}', /`0x10`/, 1, 4],
    ['{{ 1.5e-3x }}', /operator is expected/, 1, 7],
    ['{{ a.1e5 }}', /name is expected after the dot/, 1, 5],
    ['{{ a && b }}', /unexpected `&&`/, 1, 6],
    ['{{ x', /too early|expected/, 1, 5],
    ['{% include "x" %}', /the tag include is not part/, 1, 4],
    ['{% if x %}', /too early/, 1, 11],
    ['{{ x | round(1, 2, 3) }}', /takes precision, method/, 1, 8],
    ['{{ [] | first }}', /empty list/, 1, 9],
  ]
  it.each(ERRORS)('says where %s is wrong', (source, message, line, column) => {
    const failure = failureOf(() => evaluateTemplate(source, scope))
    expect(failure.message).toMatch(message)
    expect([failure.line, failure.column]).toEqual([line, column])
  })

  it('offers the nearest name for an undefined one', () => {
    expect(failureOf(() => evaluateTemplate('{{ workloat }}', scope))).toMatchObject({
      missing: 'workloat',
      hint: 'Did you mean `workload`?',
    })
    expect(failureOf(() => evaluateTemplate('{{ 1 | defualt }}', scope)).hint).toBe('Did you mean `default`?')
  })

  it('says of a step that has not run what to write, and knows that it is not there', () => {
    const without = { ...scope, [ABSENT]: ['left'] }
    expect(failureOf(() => evaluateTemplate('{{ left.stats }}', without))).toMatchObject({
      missing: 'left',
      hint: 'The step left has not run here, or was skipped: write left.… | default(…), or ask left is defined.',
    })
    expect(evaluateTemplate('{{ left is defined }}{{ left.stats | default(1) }}', without)).toBe('false1')
  })
})

describe('evaluateCondition', () => {
  it.each([
    ['{{ 0 }}', false],
    ['{{ "" }}', false],
    ['{{ [] }}', false],
    ['{{ {} }}', false],
    ['{{ none }}', false],
    ['{{ "false" }}', true],
    ['{{ [0] }}', true],
  ])('%s is %s', (source, expected) => {
    expect(evaluateCondition(source, scope)).toBe(expected)
  })
})

describe('an integer beyond 2^53 that was stored, as its digits in text', () => {
  const stored = {
    id: '18446744073709551616',
    least: '9007199254740992',
    ids: ['18446744073709551616', 7, '9007199254740993'],
  }

  it.each([
    ['id == 18446744073709551616', true],
    ['id != 18446744073709551615', true],
    ['least < id', true],
    ['7 < least <= 9007199254740992', true],
    ['[id] == [18446744073709551616]', true],
    ['18446744073709551616 in ids', true],
    ['ids | max == id and ids | min == 7', true],
    ["ids | sort | join(' ') == '7 9007199254740993 18446744073709551616'", true],
    ["[id, least, 'x'] | sort | first == id", true],
    ["id == '18446744073709551616'", true],
    ["'0018446744073709551616' == 18446744073709551616", false],
    ["'7' == 7", false],
  ])('%s is %s', (condition, expected) => {
    expect(evaluateCondition(`{{ ${condition} }}`, stored)).toBe(expected)
  })
})

describe('renderDeep', () => {
  it('renders strings inside lists and objects and keeps native values', () => {
    const rendered = renderDeep(
      { page: 1, size: '{{ workload.pages }}', list: ['{{ endpoint.name }}!'], no: null },
      scope,
    )
    expect(rendered).toEqual({ page: 1, size: 3, list: ['users!'], no: null })
  })
})

describe('secrets', () => {
  it('stay markers through joining, and are known only to the one who resolves them', () => {
    const value = evaluateTemplate('Bearer {{ secret.TOKEN }}', {})
    expect(isSecretText(value)).toBe(true)
    expect(maskSecretText({ a: [value] })).toEqual({ a: ['Bearer •••'] })
    expect(resolveSecretText([value], new Map([['TOKEN', 't0p']]))).toEqual(['Bearer t0p'])
    const nested = evaluateTemplate('{{ base ~ "/x" }}', { base: evaluateTemplate('{{ secret.URL }}', {}) })
    expect(resolveSecretText(nested, new Map([['URL', 'http://h']]))).toBe('http://h/x')
  })

  it('are missing with their name', () => {
    expect(() => resolveSecretText(evaluateTemplate('{{ secret.TOKEN }}', {}), new Map())).toThrow(/TOKEN/)
  })

  it.each([
    '{{ secret.T | length }}',
    '{{ secret.T | upper }}',
    '{{ secret.T.upper() }}',
    '{{ secret.T == "a" }}',
    '{{ secret.T < "a" }}',
    '{{ secret.T[0] }}',
    '{{ secret.T[:1] }}',
    '{{ secret.T is string }}',
    '{{ "a" in secret.T }}',
    '{{ secret.T in ["a"] }}',
    '{{ 1 if secret.T else 2 }}',
    '{{ not secret.T }}',
    '{{ [secret.T] | tojson }}',
    '{{ [secret.T] | join }}',
    '{{ [secret.T, "a"] | sort }}',
    '{{ [secret.T] | unique }}',
    '{{ {"a": secret.T} == {"a": "b"} }}',
    '{{ [[secret.T]] | map("length") | list and [secret.T] | map("length") }}',
    '{{ "abc" | replace("a", secret.T) }}',
    '{{ {"k": 1}[secret.T] }}',
    '{{ {secret.T: 1} }}',
    '{{ secret.T + 1 }}',
    '{{ "x" | int(0) + secret.T }}',
    '{{ [secret.T] | groupby(0) }}',
    '{{ [secret.T] | select("eq", "a") }}',
    '{% for c in secret.T %}{{ c }}{% endfor %}',
    '{% for c in [secret.T] %}{% if c == "a" %}1{% endif %}{% endfor %}',
    '{{ secret }}',
    '{{ secret[workload.url] }}',
    '{{ secret | tojson }}',
    '{{ secret.keys() }}',
    '{{ secret["a b"] }}',
    'x{{ [secret.T] }}',
  ])('cannot be read by %s', (source) => {
    expect(() => evaluateTemplate(source, scope)).toThrow(TemplateError)
  })

  it('cannot be forged by data that looks like one', () => {
    const forged = { kind: 'secret_text', parts: [{ secret: 'TOKEN' }] }
    const value = evaluateTemplate('{{ response }}', { response: forged })
    expect(isSecretText(value)).toBe(false)
    expect(resolveSecretText(value, new Map([['TOKEN', 't0p']]))).toEqual(forged)
  })
})

function failureOf(run: () => unknown): TemplateError {
  try {
    run()
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error('it did not fail')
}
