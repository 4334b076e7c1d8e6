import { describe, expect, it } from 'vitest'
import { parsePlaybook } from '../parse-playbook'

const HEAD =
  'apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: { name: a }\nworkload: { n: 1, list: [1] }\nworkflow:\n'
const FORK = '  - { step: start, next: [{ step: left, when: workload.n == 1 }, { step: right, else: true }] }\n'
const transform = (name: string, input: string, next = '') =>
  `  - { step: ${name}, tool: transform, input: "${input}", expression: $, next: [${next}] }\n`

const told = (steps: string): string[] =>
  parsePlaybook(HEAD + steps).diagnostics.map(({ severity, message }) => `${severity} ${message}`)

const SKIPPED = (name: string) => `warning the step \`${name}\` may have been skipped before this, which fails then`

describe('a step that a template reads', () => {
  it('is doubtful where a branch may have been left out, unless the template asks', () => {
    const join = (input: string) =>
      FORK +
      transform('left', '1', '{ step: last }') +
      transform('right', '2', '{ step: last }') +
      transform('last', input)
    expect(told(join('{{ left.result }}'))).toEqual([SKIPPED('left')])
    expect(told(join('{{ left.result | default(right.result) }}'))).toEqual([])
    expect(told(join('{{ left.result if left is defined else right.result }}'))).toEqual([])
    expect(told(`${join('1')}expect: [{ name: left, that: left.result == 1 }]\n`)).toEqual([SKIPPED('left')])
  })

  it('is certain where every way leads over it', () => {
    const both = '{ step: last }'
    expect(
      told(
        FORK +
          transform('left', '1', '{ step: both }') +
          transform('right', '2', '{ step: both }') +
          transform('both', '3', both) +
          transform('last', '{{ both.result }}'),
      ),
    ).toEqual([])
  })

  it('is a matter of luck where it does not lead there, even if the template asks', () => {
    const aside = (input: string) =>
      '  - { step: start, next: [{ step: one }, { step: two }] }\n' + transform('one', '1') + transform('two', input)
    const luck = 'warning the step `one` does not lead here, so nothing waits for it'
    expect(told(aside('{{ one.result }}'))).toEqual([luck])
    expect(told(aside('{{ one is defined }}'))).toEqual([luck])
  })

  it.each([
    ['postgres, statement: select 1', '{{ start.rows[0].n }}{{ start.row_count }}{{ start.result.rows }}', []],
    ['postgres, statement: select 1', '{{ start.n }}', ['error `start` has no `n`']],
    ['postgres, statement: select 1', '{{ start.result[0].n }}', ['error `start.result` has no `0`']],
    [
      'postgres, statement: select 1',
      '{{ start.results }}',
      ['warning `start.results` is a list of one: the result of the step'],
    ],
    ['assert, that: [{ name: a, expr: "1" }]', '{{ start.checks }}{{ start.check }}', ['error `start` has no `check`']],
    ['playbook, path: a/b', '{{ start.steps.x.rows }}{{ start.stats.success }}{{ start.result.stats.items }}', []],
    [
      'playbook, path: a/b',
      '{{ start.stats.items }}',
      ['warning `start.stats.items` is always 0: only an http step fetches items'],
    ],
    [
      'playbook, path: a/b, loop: { collection: [1], element: e }',
      '{{ start.stats.pages }}{{ start.results }}',
      ['warning `start.stats.pages` is always 0: only an http step fetches pages'],
    ],
    [
      'http, url: "http://a"',
      '{{ start.stats.items }}{{ start.anything }}{{ start.result[0] }}{{ start.results }}',
      [],
    ],
    ['transform, input: 1, expression: $', '{{ start.anything }}{{ start.result.x }}', []],
  ])('has what its tool gives: %s, %s', (tool, input, expected) => {
    expect(told(`  - { step: start, tool: ${tool}, next: [{ step: b }] }\n${transform('b', input)}`)).toEqual(expected)
  })
})

describe('else', () => {
  it('is never taken beside an entry without a condition', () => {
    const next = (entries: string) => `  - { step: start, next: [${entries}] }\n  - step: a\n  - step: b\n`
    expect(told(next('{ step: a }, { step: b, else: true }'))).toEqual([
      'warning this is never taken: an entry beside it has no `when`, and is taken always',
    ])
    expect(told(next('{ step: a, when: workload.n }, { step: b, else: true }'))).toEqual([])
  })
})
