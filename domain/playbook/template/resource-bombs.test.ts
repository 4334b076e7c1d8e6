import { describe, expect, it } from 'vitest'
import { analyseCollection } from '../../execution/analyse-collection'
import { atOnce } from '../../in-turns'
import type { Loop } from '../playbook'
import { bindStatement } from './bind-statement'
import { budgetAtOnce, budgetOfElements } from './budget'
import { evaluateCondition, evaluateTemplate, renderDeep } from './evaluate-template'
import { TemplateError } from './template-error'

const long = 'x'.repeat(1_000_000)
const scope: Record<string, unknown> = {
  big: Array.from({ length: 100_000 }, (_unused, index) => index),
  objects: Array.from({ length: 20_000 }, (_unused, index) => ({ id: index, name: `n${index}` })),
  long,
  nines: '9'.repeat(1_000_000),
  pairs: 'x😀'.repeat(300_000),
  dots: '.'.repeat(1_000_000),
  blank: ' '.repeat(1_000_000),
  deep: nest(5_000),
  wide: Object.fromEntries(Array.from({ length: 50_000 }, (_unused, index) => [`k${index}`, index])),
}

/** Doubles a value as often as asked by `set`: twice the size for each line of source. */
const doubling = (first: string, next: string, times: number, last: string): string =>
  `{% set a = ${first} %}${`{% set a = ${next} %}`.repeat(times)}${last}`

const BOMBS: [string, string][] = [
  ['a text doubled by ~', doubling('"xxxxxxxx"', 'a ~ a', 60, '{{ a }}')],
  ['a text doubled by +', doubling('"xxxxxxxx"', 'a + a', 60, '{{ a }}')],
  ['a text doubled by replace', doubling('"xxxxxxxx"', 'a | replace("x", "xx")', 60, '{{ a }}')],
  ['a text doubled by join', doubling('"xxxxxxxx"', '[a, a] | join', 60, '{{ a }}')],
  ['a text doubled by the method join', doubling('"xxxxxxxx"', 'a[:1].join([a, a])', 60, '{{ a }}')],
  ['a text doubled by tojson', doubling('"\\\\"', 'a | tojson', 60, '{{ a }}')],
  ['a list doubled by +', doubling('[1, 2]', 'a + a', 60, '{{ a | length }}')],
  ['shared lists as JSON', doubling('[1]', '[a, a]', 60, '{{ a | tojson }}')],
  ['shared lists as text', doubling('[1]', '[a, a]', 60, 'x{{ a }}')],
  ['shared objects as JSON', doubling('{"k": 1}', '{"k": a, "l": a}', 60, '{{ a | tojson }}')],
  ['shared lists compared', doubling('[1]', '[a, a]', 60, '{% if a == a %}{% endif %}')],
  ['shared lists looked for', doubling('[1]', '[a, a]', 60, '{{ a in [a] }}')],
  ['shared lists made unique', doubling('[1]', '[a, a]', 60, '{{ [a, a] | unique }}')],
  ['shared lists given back', sharedValue(12)],
  ['shared lists sorted', doubling('[1]', '[a, a]', 60, '{{ [a, a] | sort }}')],
  ['shared lists indented', doubling('[1]', '[a, a]', 30, '{{ a | tojson(8) }}')],
  ['loops in loops', '{% for a in big %}{% for b in big %}{{ b }}{% endfor %}{% endfor %}'],
  ['silent loops in loops', '{% for a in big %}{% for b in big %}{% endfor %}{% endfor %}'],
  ['loops that want nothing in loops', '{% for a in big %}{% for b in big if 0 %}{% endfor %}{% endfor %}'],
  ['a search for each element of a loop', '{% for a in big if [a] in big %}{% endfor %}'],
  ['loops of range', '{% for a in range(90000) %}{% for b in range(90000) %}x{% endfor %}{% endfor %}'],
  ['a huge range', '{{ range(1000000000) }}'],
  ['a range without end', '{{ range(0, 1, 0) }}'],
  ['a negative huge range', '{{ range(0, -1000000000, -1) }}'],
  ['many ranges', `{{ [${Array.from({ length: 200 }, () => 'range(100000)').join(',')}] | length }}`],
  ['lists joined for ever', '{% for a in big %}{% set b = big + big %}{% endfor %}'],
  ['a long text searched often', '{% for a in big %}{% if "y" in long %}{% endif %}{% endfor %}'],
  ['a long text changed often', '{% for a in big %}{% set b = long | upper %}{% endfor %}'],
  ['a long text encoded often', '{% for a in big %}{% set b = {"k": long} | urlencode %}{% endfor %}'],
  ['a long text split often', '{% for a in big %}{% set b = long.split("x") %}{% endfor %}'],
  ['a long text printed often', '{% for a in big %}{{ long }}{% endfor %}'],
  ['a long text in a list, as JSON', '{{ [long, long, long, long, long] | tojson }}'],
  ['a list sorted often', '{% for a in big %}{% set b = big | sort %}{% endfor %}'],
  ['a list made unique often', '{% for a in big %}{% set b = big | unique %}{% endfor %}'],
  ['a list sorted by a thousand attributes', `{{ objects | sort(attribute="${'name,'.repeat(1_000)}id") }}`],
  ['long texts without regard to case', '{% for a in big %}{% set b = [long, pairs] | min %}{% endfor %}'],
  ['a batch filled up without end', '{{ [1] | batch(1000000000, "x") }}'],
  ['parts without end', '{{ [1] | slice(1000000000) }}'],
  ['all keys often', '{% for a in big %}{% set b = wide.keys() %}{% endfor %}'],
  ['membership for each element', '{% for a in big %}{% if a in big %}{% endif %}{% endfor %}'],
  ['selecting for each element', '{{ big | select("in", big) | list | length }}'],
  ['a tower of powers', '{{ 9 ** 9 ** 9 ** 9 ** 9 }}'],
  ['a power of big integers', '{{ 9007199254740993 ** 9007199254740993 }}'],
  ['big integers multiplied for ever', doubling('9007199254740993', 'a * a', 60, '{{ a }}')],
  ['an endless integer', `{{ "${'9'.repeat(30_000)}" | int }}`],
  ['an endless literal', `{{ ${'9'.repeat(30_000)} + 1 }}`],
  ['deep brackets', `{{ ${'['.repeat(10_000)}${']'.repeat(10_000)} }}`],
  ['deep parentheses', `{{ ${'('.repeat(10_000)}1${')'.repeat(10_000)} }}`],
  ['deep braces', `{{ ${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)} }}`],
  ['deep indexes', `{{ ${'a['.repeat(10_000)}0${']'.repeat(10_000)} }}`],
  ['deep calls', `{{ ${'range('.repeat(5_000)}1${')'.repeat(5_000)} }}`],
  ['deep conditions', `{{ ${'1 if 1 else '.repeat(2_500)}1 }}`],
  ['deep tags', `${'{% if 1 %}'.repeat(1_600)}x${'{% endif %}'.repeat(1_300)}`],
  ['deep loops', `${'{% for a in [1] %}'.repeat(800)}x${'{% endfor %}'.repeat(800)}`],
  ['many nots', `{{ ${'not '.repeat(8_000)}1 }}`],
  ['many signs', `{{ ${'-'.repeat(30_000)}1 }}`],
  ['a long chain of tests', `{{ 1${' is odd'.repeat(4_000)} }}`],
  ['a long chain of +', `{{ ${'1+'.repeat(15_000)}1 }}`],
  ['a long chain of ~', `{{ ${'1~'.repeat(15_000)}1 }}`],
  ['a long chain of and', `{{ ${'1 and '.repeat(5_000)}1 }}`],
  ['a long chain of members', `{{ a${'.a'.repeat(15_000)} }}`],
  ['a long chain of filters', `{{ 1${'|abs'.repeat(7_000)} }}`],
  ['a source that is too long', `{{ 1 }}${'x'.repeat(40_000)}`],
  ['deep data as JSON', '{{ deep | tojson }}'],
  ['deep data as text', 'x{{ deep }}'],
  ['an endless indent', '{{ [1] | tojson(1000000000) }}'],
  ['endless digits', '{{ 1.5 | round(1000000000) }}'],
  ['batches of nothing', '{{ big | batch(0) }}'],
  ['a text with a secret doubled by ~', doubling('secret.X', 'a ~ a', 60, '{{ a }}')],
  ['a secret printed often', '{% for a in big %}{{ secret.X }}{% endfor %}'],
  ['characters to strip, often', '{% for a in big %}{% set b = "a".strip(long) %}{% endfor %}'],
  ['a long text counted often', '{% for a in big %}{% set b = pairs | length %}{% endfor %}'],
  ['a long text indexed often', '{% for a in big %}{% set b = pairs[-1] ~ long[-1] %}{% endfor %}'],
  ['a long text sliced often', '{% for a in big %}{% set b = long[::-1] ~ pairs[1:2] %}{% endfor %}'],
  ['characters to strip off pairs, often', '{% for a in big %}{% set b = pairs.strip("😀") %}{% endfor %}'],
  ['a text filled up without end', '{{ "a".rjust(1000000000) }}'],
  [
    'a text filled up often',
    '{% for a in big %}{% set b = "a".zfill(1000000) ~ "a".ljust(1000000, "x") %}{% endfor %}',
  ],
  ['a text doubled by format', doubling('"xxxxxxxx"', '"%s%s" | format(a, a)', 60, '{{ a }}')],
  ['wide places', `{% for a in big %}{% set b = "${'%999s'.repeat(9)}" | format(1,2,3,4,5,6,7,8,9) %}{% endfor %}`],
  ['a pattern that is long', '{% for a in big %}{% set b = long | format %}{% endfor %}'],
  ['percent signs', `{% set p = "%" ~ long %}{{ "${'%%'.repeat(9_000)}" | replace("%", p) | format }}`],
  ['a long text searched from the end often', '{% for a in big %}{% set b = long.rsplit("x", 1) %}{% endfor %}'],
  ['lines of a long text often', '{% for a in big %}{% set b = pairs.splitlines() ~ long.count("y") %}{% endfor %}'],
  ['a long text that may be of digits', '{% for a in big %}{% set b = nines.isdigit() or long is lower %}{% endfor %}'],
  ['long prefixes', '{% for a in big %}{% if long.startswith(long) or long.endswith(long) %}{% endif %}{% endfor %}'],
  ['long texts compared', '{% set l = long[1:] ~ "x" %}{% for a in big %}{% if l == long %}{% endif %}{% endfor %}'],
  ['long texts put in order', '{% set l = long ~ "" %}{% for a in big %}{% if l < long %}{% endif %}{% endfor %}'],
  ['long keys', '{% set l = long ~ "" %}{% for a in big %}{% if wide[l] is defined %}{% endif %}{% endfor %}'],
  ['a path of a million parts', '{{ big | map(attribute=dots, default=0) | length }}'],
  ['a path of a million parts to select by', '{{ big | selectattr(dots) | length }}'],
  ['many keys compared', '{% for a in big %}{% if wide == {} %}{% endif %}{% endfor %}'],
  ['many keys tested', '{% for a in big %}{% if wide %}{% endif %}{% endfor %}'],
  ['many keys counted', '{% for a in big %}{% set b = wide | length %}{% endfor %}'],
  ['a blank that may be a number', '{% for a in big %}{% set b = blank | int(0) + blank | float(0) %}{% endfor %}'],
  ['an unclosed comment', `{{ 1 }}{#${'{#'.repeat(10_000)}`],
  ['an unclosed text', `{{ "${'\\"'.repeat(10_000)}`],
]

describe('resource bombs', () => {
  it('are many', () => {
    expect(BOMBS.length).toBeGreaterThanOrEqual(40)
  })

  it.each(BOMBS)(
    '%s end as a refusal, soon',
    (_what, source) => {
      const started = process.cpuUsage()
      const before = process.memoryUsage().heapUsed
      expect(() => evaluateTemplate(source, scope)).toThrow(TemplateError)
      expect(process.cpuUsage(started).user).toBeLessThan(3_000_000)
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(400 * 1024 * 1024)
    },
    60_000,
  )
})

describe('many templates together', () => {
  it('in one value end as a refusal, soon', () => {
    const heavy = '{% for a in range(100000) %}{% set b = a * 2 %}{% endfor %}x'
    const started = process.cpuUsage()
    expect(() => renderDeep({ list: Array.from({ length: 2_000 }, () => heavy) }, scope)).toThrow(TemplateError)
    expect(process.cpuUsage(started).user).toBeLessThan(6_000_000)
  }, 60_000)

  it('over the elements of a loop end as a refusal', () => {
    // Of all that is charged for, long texts take the least time for their price.
    expect(() => atOnce(analyseCollection('fetch', loopWhere('{{ long ~ one == 1 }}'), scope))).toThrow('too much work')
  })

  it('over the elements of a loop let others have their turn', () => {
    const work = analyseCollection('fetch', loopWhere('{{ wide == wide }}', '{{ big[:40] }}'), scope)
    let turns = 0
    let longest = 0
    for (let isDone = false; !isDone; turns += 1) {
      const started = process.cpuUsage()
      isDone = work.next().done === true
      longest = Math.max(longest, process.cpuUsage(started).user)
    }
    expect(turns).toBeGreaterThan(8)
    expect(longest).toBeLessThan(1_000_000)
  }, 60_000)

  it('over the items of a page end soon, since a page is read without a pause', () => {
    const budget = budgetAtOnce()
    const started = process.cpuUsage()
    const items = Array.from({ length: 10_000 }, (_unused, index) => index)
    expect(() => items.filter((item) => evaluateCondition('{{ wide == wide }}', { ...scope, item }, budget))).toThrow(
      'too much work',
    )
    expect(process.cpuUsage(started).user).toBeLessThan(6_000_000)
  }, 60_000)

  it('are no bomb when each item of a large page is looked for among thousands', () => {
    const budget = budgetAtOnce()
    const ids = (scope['big'] as number[]).slice(0, 5_000).map((id) => `id-${id}`)
    const found = ids.filter((_id, at) => evaluateCondition('{{ item in ids }}', { item: `id-${at}`, ids }, budget))
    expect(found).toHaveLength(5_000)
  }, 60_000)

  it('are no bomb when each looks through a thousand others', () => {
    const budget = budgetOfElements()
    const others = (scope['big'] as number[]).slice(0, 1_000)
    const found = others.filter((one) => evaluateCondition('{{ one in others }}', { one, others }, budget))
    expect(found).toHaveLength(1_000)
    expect(budget.left).toBeGreaterThan(budgetOfElements().left * 0.95)
  })

  it('give no more together than a process can write out', () => {
    const before = process.memoryUsage().heapUsed
    const fields = Object.fromEntries(Array.from({ length: 600 }, (_unused, index) => [`f${index}`, '{{ long }}']))
    expect(() => renderDeep({ fields }, scope)).toThrow('more than 64 MiB together')
    const objectsOften = Array.from({ length: 600 }, () => '{{ objects }}')
    expect(() => renderDeep(objectsOften, scope)).toThrow('more than 64 MiB together')
    const columns = Array.from({ length: 600 }, () => '{{ long }}').join(', ')
    expect(() => bindStatement(`SELECT ${columns}`, scope)).toThrow('more than 64 MiB together')
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1024 * 1024)
    expect(
      Object.keys(renderDeep({ a: '{{ long }}', b: '{{ deep }}', c: '{{ wide }}' }, scope) as object),
    ).toHaveLength(3)
  })

  it('are no bomb in a statement either: what one gives has a size', () => {
    const shared = `[${Array.from({ length: 2_000 }, () => 'big').join(',')}]`
    expect(() => bindStatement(`SELECT {{ ${shared} }}`, scope)).toThrow('too much work')
  })
})

function loopWhere(where: string, collection = '{{ big }}'): Loop {
  return {
    collection,
    element: 'one',
    mode: 'sequential',
    concurrency: 1,
    chunkSize: null,
    where,
    orderBy: null,
    limit: null,
    onFailure: 'fail',
  }
}

describe('honest work', () => {
  it.each([
    [`{% if 0 %}${'{% elif 0 %}'.repeat(2_500)}{% endif %}`, ''],
    [`{{ ${'1<'.repeat(15_000)}2 }}`, false],
    ['{{ deep == [deep] }}', false],
    [`{% set a = "%" %}${'{% set a = a | urlencode %}'.repeat(60)}{{ a | length }}`, '121'],
    ['{{ big | length }}', 100_000],
    ['{{ objects | groupby("id") | length }}', 20_000],
    ['{{ big | sum }}', 4_999_950_000],
    ['{{ objects | selectattr("id", "lt", 10) | map(attribute="name") | join(",") | length }}', 29],
    ['{{ (big | sort(reverse=true))[0] }}', 99_999],
    ['{{ (big | map("string") | list)[-1] }}', '99999'],
    ['{{ (long ~ long) | length }}', 2_000_000],
    [`{{ ${'1 + '.repeat(100)}1 }}`, 101],
    [`{{ ${'('.repeat(60)}1${')'.repeat(60)} }}`, 1],
  ])('is done: %s', (source, expected) => {
    expect(evaluateTemplate(source, scope)).toEqual(expected)
  })
})

function sharedValue(levels: number): string {
  const inner = `[${Array.from({ length: 8 }, () => 'x').join(',')}]`
  let source = inner
  // A template that is one expression can only share through filters: batch gives the same elements again.
  for (let level = 0; level < levels; level += 1)
    source = `[${source}] | map("default", 0) | list + [big, big, big, big]`
  return `{{ [${Array.from({ length: 60 }, () => 'big').join(',')}] + [${source.replaceAll('x', '0')}] }}`
}

function nest(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}
