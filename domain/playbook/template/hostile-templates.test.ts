import { afterEach, describe, expect, it } from 'vitest'
import { evaluateTemplate, renderDeep } from './evaluate-template'
import { TemplateError } from './template-error'
import { templateReferences } from './template-references'

const accessed: string[] = []

/** What an attacker finds: ordinary data, data with names of weight, and things that must never be touched. */
const scope: Record<string, unknown> = {
  workload: JSON.parse(
    '{"a":1,"list":[3,1,2],"text":"abc","obj":{"k":"v"},"__proto__":{"polluted":true},"constructor":"data"}',
  ),
  response: JSON.parse('{"__proto__":{"x":1},"then":"t","toString":"s","items":["i"],"length":9}'),
  fn: () => accessed.push('fn'),
  process: Object.assign(() => undefined, { env: { SECRET: 'leak' } }),
  date: new Date(0),
  map: new Map([['a', 1]]),
  regex: /a/,
  instance: new (class Instance {
    readonly field = 'hidden'
    get accessor(): string {
      accessed.push('getter of an instance')
      return 'ran'
    }
  })(),
  error: new Error('boom'),
  holder: {
    method: () => accessed.push('method'),
    get accessor(): string {
      accessed.push('getter')
      return 'ran'
    },
    toJSON: () => accessed.push('toJSON'),
    toString: () => accessed.push('toString'),
    valueOf: () => accessed.push('valueOf'),
    [Symbol.toPrimitive]: () => accessed.push('toPrimitive'),
  },
}
Object.defineProperty(scope, 'lazy', { enumerable: true, get: () => accessed.push('getter of the scope') })

const C = 'constructor'
const ATTACKS: string[] = [
  // Ways to Function through members
  `{{ ''.${C}.${C}('return process')() }}`,
  `{{ ''['${C}']['${C}']('return process')() }}`,
  `{{ ''['con' ~ 'structor'] }}`,
  `{{ ''['con' + 'structor'] }}`,
  `{{ ''[['con','structor'] | join] }}`,
  `{{ ''['rotcurtsnoc' | reverse] }}`,
  `{{ ''['CONSTRUCTOR' | lower] }}`,
  `{{ ''['xconstructor' | replace('x', '')] }}`,
  `{{ ''['constructor '.strip()] }}`,
  `{{ ''['\\x63onstructor'] }}`,
  `{{ [].${C} }}`,
  `{{ [].${C}.${C}('return 1')() }}`,
  `{{ {}.${C} }}`,
  `{{ ({}).${C}.${C} }}`,
  `{{ (1).${C} }}`,
  `{{ true.${C} }}`,
  `{{ 1n.${C} }}`,
  `{{ none.${C} }}`,
  `{{ range.${C}('return 1')() }}`,
  `{{ range['con'~'structor'] }}`,
  `{{ range(3).${C} }}`,
  `{{ workload.list.${C} }}`,
  `{{ workload.list.map.${C} }}`,
  `{{ workload.text.${C} }}`,
  `{{ workload.text.at }}`,
  `{{ workload.list.push }}`,
  `{{ workload.list.length }}`,
  `{{ workload.obj.${C} }}`,
  `{{ workload.obj.toString }}`,
  `{{ workload.obj.hasOwnProperty('k') }}`,
  `{{ workload.obj.valueOf() }}`,
  `{{ workload.obj.__defineGetter__ }}`,
  `{{ workload.obj.__lookupGetter__ }}`,
  `{{ workload.obj.__proto__ }}`,
  `{{ workload.list.__proto__ }}`,
  `{{ ''.__proto__ }}`,
  `{{ (1).__proto__ }}`,
  `{{ workload.obj['__proto__']['polluted'] }}`,
  `{{ {'__proto__': {'x': 1}}.x }}`,
  `{{ {'__proto__': {'x': 1}}['y'] }}`,
  // Methods and calls that are not on the list
  `{{ 'a'.repeat(10) }}`,
  `{{ 'a'.concat('b') }}`,
  `{{ 'a'.padStart(1000000000) }}`,
  `{{ 'a'.matchAll('a') }}`,
  `{{ 'a'.replaceAll('a', 'b') }}`,
  `{{ 'a'.format() }}`,
  `{{ 'a'.__format__() }}`,
  `{{ workload.list.map(range) }}`,
  `{{ workload.list.sort() }}`,
  `{{ workload.list.concat([1]) }}`,
  `{{ workload.list.reduce(range) }}`,
  `{{ workload.obj.get.call(1) }}`,
  `{{ workload.obj.get.${C}('return 1')() }}`,
  `{{ workload.obj['get']['constructor'] }}`,
  `{{ (workload.obj).get('${C}').x }}`,
  `{{ ''.split.${C} }}`,
  `{{ ''['split']('').${C} }}`,
  `{{ fn() }}`,
  `{{ fn }}`,
  `{{ fn.call() }}`,
  `{{ holder.method() }}`,
  `{{ holder.method }}`,
  `{{ holder.accessor }}`,
  `{{ holder['accessor'] }}`,
  `{{ holder.get('accessor').x }}`,
  `{{ (holder | map('upper')).x }}`,
  `{{ instance.field }}`,
  `{{ instance.accessor }}`,
  `{{ instance | tojson }}`,
  `{{ instance | length }}`,
  `{{ lazy }}`,
  `{{ date.getTime() }}`,
  `{{ date | string }}`,
  `{{ map.get('a') }}`,
  `{{ regex.source }}`,
  `{{ error.stack }}`,
  `{{ error.message }}`,
  `{{ process.env.SECRET }}`,
  `{{ process }}`,
  `{{ globalThis }}`,
  `{{ global.process }}`,
  `{{ window }}`,
  `{{ this.${C} }}`,
  `{{ self }}`,
  `{{ require('fs') }}`,
  `{{ import('fs') }}`,
  `{{ eval('1') }}`,
  `{{ Function('return 1')() }}`,
  `{{ Object.keys(workload) }}`,
  `{{ JSON.stringify(workload) }}`,
  `{{ Symbol.iterator }}`,
  `{{ undefined.x }}`,
  // nunjucks' and Jinja's own machinery
  `{{ cycler('a') }}`,
  `{{ joiner(',') }}`,
  `{{ lipsum() }}`,
  `{{ dict(a=1) }}`,
  `{{ namespace(a=1) }}`,
  `{{ cycler.__init__.__globals__.os }}`,
  `{{ self.__init__.__globals__ }}`,
  `{{ ''.__class__.__mro__[1].__subclasses__() }}`,
  `{{ config }}`,
  `{{ url_for.__globals__ }}`,
  `{{ context.${C} }}`,
  `{{ env.opts }}`,
  `{{ frame }}`,
  `{{ runtime }}`,
  `{{ lib }}`,
  `{{ super() }}`,
  `{{ caller() }}`,
  `{{ varargs }}`,
  // Filters that look members up, or don't exist
  `{{ [''] | map(attribute='${C}') }}`,
  `{{ [''] | map(attribute='${C}.${C}') }}`,
  `{{ [[]] | sum(attribute='${C}') }}`,
  `{{ [{}] | sort(attribute='${C}') }}`,
  `{{ [{}] | sort(attribute='__proto__') }}`,
  `{{ [{}] | groupby('${C}') }}`,
  `{{ [{}] | unique(attribute='${C}') }}`,
  `{{ [{}] | min(attribute='toString') }}`,
  `{{ [{}] | join(',', '${C}') }}`,
  `{{ ['a'] | map('${C}') }}`,
  `{{ ['a'] | map('__proto__') }}`,
  `{{ ['a'] | map('map', attribute='x') }}`,
  `{{ ['a'] | map('toString') }}`,
  `{{ ['a'] | select('${C}') }}`,
  `{{ ['a'] | select('__proto__') }}`,
  `{{ ['a'] | select('hasOwnProperty', 'a') }}`,
  `{{ 'a' | ${C} }}`,
  `{{ 'a' | __proto__ }}`,
  `{{ 'a' | toString }}`,
  `{{ 'a' | hasOwnProperty }}`,
  `{{ 'a' | attr('${C}') }}`,
  `{{ 'a' | safe }}`,
  `{{ 'a' | eval }}`,
  `{{ 'a' | format(1) }}`,
  `{{ 'a' is ${C} }}`,
  `{{ 'a' is __proto__ }}`,
  `{{ 'a' is hasOwnProperty('a') }}`,
  `{{ 'a' is callable }}`,
  `{{ (1 | default)(2) }}`,
  `{{ ('a' | upper).${C} }}`,
  // Tags
  `{% include '/etc/passwd' %}`,
  `{% include name %}`,
  `{% import '/etc/passwd' as x %}`,
  `{% from '/etc/passwd' import x %}`,
  `{% extends '/etc/passwd' %}`,
  `{% macro m() %}x{% endmacro %}{{ m.${C} }}`,
  `{% call range() %}x{% endcall %}`,
  `{% block b %}x{% endblock %}`,
  `{% filter upper %}x{% endfilter %}`,
  `{% raw %}{{ x }}{% endraw %}`,
  `{% switch 1 %}{% case 1 %}x{% endswitch %}`,
  `{% asyncEach x in [1] %}x{% endeach %}`,
  `{% asyncAll x in [1] %}x{% endall %}`,
  `{% ifAsync x %}x{% endif %}`,
  `{% set x %}y{% endset %}{{ x }}`,
  `{% set secret = 1 %}{{ secret }}`,
  `{% set workload.a = 2 %}`,
  `{% set workload['a'] = 2 %}`,
  `{% set a, b = 1 %}`,
  `{% for secret in [1] %}{{ secret }}{% endfor %}`,
  `{% for loop in [1] %}{{ loop }}{% endfor %}`,
  `{% for x.y in [1] %}{% endfor %}`,
  `{% for a, b in [1] %}{% endfor %}`,
  `{% do workload.list.append(1) %}`,
  `{% debug %}`,
  `{% ${C} %}`,
  // Syntax at the edge
  `{{ r/a+/.source }}`,
  `{{ r/(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!') }}`,
  `{{ (a) => 1 }}`,
  `{{ function() {} }}`,
  `{{ new Date() }}`,
  `{{ delete workload.a }}`,
  `{{ workload.a = 2 }}`,
  `{{ workload?.a }}`,
  `{{ workload.a++ }}`,
  `{{ \`x\` }}`,
  `{{ \${1} }}`,
  `{{ a; b }}`,
  `{{ [...workload.list] }}`,
  `{{ {...workload} }}`,
  `{{ workload[] }}`,
  `{{ workload[1:2:3:4] }}`,
  `{{ workload[[1]] }}`,
  `{{ workload[{}] }}`,
  `{{ workload[holder] }}`,
  `{{ {holder: 1} }}`,
  `{{ {workload.obj: 1}.x }}`,
  `{{ 'a' in holder.method }}`,
  `{{ holder.method == 1 }}`,
  `{{ fn ~ 'a' }}`,
  `{{ [fn] | tojson }}`,
  `{{ 1 | round(method='${C}') }}`,
  `{{ 1 | round(${C}=1) }}`,
  `{{ range(1, __proto__=2) }}`,
  `{{`,
  `{{ }}`,
  `{%`,
  `{% %}`,
  `{{ ( }}`,
  `{{ [1, }}`,
  `{{ {'a' }}`,
  `{{ 'a`,
  `{{ a | }}`,
  `{{ a. }}`,
  `{{ a is }}`,
  `{{ a in }}`,
  `{{ 1 if }}`,
  `{{ not }}`,
  `{% if %}`,
  `{% if 1 %}`,
  `{% for %}`,
  `{% for x in %}`,
  `{% for x in [1] %}`,
  `{% set %}`,
  `{% endif %}`,
  `{% else %}`,
  `{{ 1 }}{# never closed`,
  `{{ 1 }} #}`,
]

/** Harmless answers: the template means something, only not what the attacker hoped. */
const HARMLESS: [string, unknown][] = [
  ['{{ workload.constructor }}', 'data'],
  ['{{ workload.__proto__.polluted }}', true],
  ['{{ response.toString }}', 's'],
  ['{{ response.then }}', 't'],
  ['{{ response.items() | length }}', 5],
  ['{{ response.length }}', 9],
  ['{{ holder | length }}', 0],
  ['{{ holder | tojson }}', '{}'],
  ['{{ holder ~ "" }}', '{}'],
  ['{{ holder == {} }}', true],
  ['{{ holder.get("method") }}', null],
  ['{{ {"__proto__": 1}["__proto__"] }}', 1],
  ['{{ {"__proto__": {"x": 1}} | tojson }}', '{"__proto__":{"x":1}}'],
  ['{{ ("__proto__", "constructor") | join }}', '__proto__constructor'],
  ['{{ workload.obj.get("constructor") }}', null],
  ['{{ workload.obj.get("__proto__", 0) }}', 0],
  ['{{ workload.constructor is defined and workload.obj.constructor is undefined }}', true],
  ['{{ range | default("none") }}', 'none'],
  ['{{ fn is defined }}', false],
  ['{{ "{{ 7 * 7 }}" }}', '{{ 7 * 7 }}'],
  ['{{ "{% if %}" ~ "" }}', '{% if %}'],
  ['{% set x = "constructor" %}{{ workload.obj.get(x, "no") }}', 'no'],
]

afterEach(() => {
  expect(accessed).toEqual([])
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
  expect(Reflect.get({}, 'x')).toBeUndefined()
})

describe('hostile templates', () => {
  it('are many', () => {
    expect(ATTACKS.length).toBeGreaterThanOrEqual(100)
    expect(new Set(ATTACKS).size).toBe(ATTACKS.length)
  })

  it.each(ATTACKS)(
    'are refused: %s',
    (source) => {
      const started = process.cpuUsage()
      expect(() => evaluateTemplate(source, scope)).toThrow(TemplateError)
      expect(process.cpuUsage(started).user).toBeLessThan(1_000_000)
    },
    60_000,
  )

  it.each(HARMLESS)('have a harmless answer: %s', (source, expected) => {
    expect(evaluateTemplate(source, scope)).toEqual(expected)
  })

  it('in data are never evaluated', () => {
    const response = { text: '{{ secret.KEY }}', '{{ key }}': '{% include "x" %}' }
    expect(evaluateTemplate('{{ response.text }}', { response })).toBe('{{ secret.KEY }}')
    expect(evaluateTemplate('a {{ response.text }}', { response })).toBe('a {{ secret.KEY }}')
    expect(renderDeep({ a: '{{ response }}' }, { response })).toEqual({ a: response })
  })

  it('cannot reach anything through references either', () => {
    for (const source of ATTACKS) {
      try {
        templateReferences(source)
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError)
      }
    }
  })
})
