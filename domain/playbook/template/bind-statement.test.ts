import { describe, expect, it } from 'vitest'
import { bindStatement } from './bind-statement'
import { isSecretText } from './secret-text'
import { templateReferences } from './template-references'
import { nearest } from '../nearest'

describe('bindStatement', () => {
  it('makes every {{ }} a parameter and none of them text of the SQL', () => {
    const name = "'; DROP TABLE x; --"
    const bound = bindStatement('INSERT INTO t VALUES ({{ name }}, {{ 1 + 1 }}, {{ list }})', { name, list: [1] })
    expect(bound).toEqual({ text: 'INSERT INTO t VALUES ($1, $2, $3)', values: [name, 2, [1]] })
  })

  it('leaves a statement without templates as it is', () => {
    expect(bindStatement("SELECT '{}'::json", {})).toEqual({ text: "SELECT '{}'::json", values: [] })
  })

  it('refuses tags, which could change the SQL', () => {
    expect(() => bindStatement('SELECT {% if a %}1{% endif %}', { a: 1 })).toThrow(/bind parameter/)
  })

  it('gives a secret as a marker', () => {
    expect(isSecretText(bindStatement('SELECT {{ secret.A }}', {}).values[0])).toBe(true)
  })
})

describe('templateReferences', () => {
  const paths = (source: string): string[] =>
    templateReferences(source).map(({ path, optional }) => `${path.join('.')}${optional ? '?' : ''}`)

  it.each([
    ['{{ workload.a.b }} and {{ secret.KEY }}', ['workload.a.b', 'secret.KEY']],
    ['{{ a["b"].c[0] }}', ['a.b.c.0']],
    ['{{ a[b.c].d }}', ['b.c', 'a']],
    ['{{ a.items() | map(attribute="x") | list }}', ['a']],
    ['{{ a | default(b) }}', ['a?', 'b']],
    ['{{ a.b is defined and a.b > c }}', ['a.b?', 'a.b', 'c']],
    ['{% set x = a %}{{ x }}{{ y }}', ['a', 'y']],
    ['{% for i in list %}{{ i.x }}{{ loop.index }}{{ z }}{% endfor %}{{ i }}', ['list', 'z', 'i']],
    ['{{ [a, {"k": b}][0] if c else d[1:e] }}', ['a', 'b', 'c', 'd', 'e'].toSorted()],
    ['no template', []],
  ])('of %s', (source, expected) => {
    const found = paths(source)
    expect(found.length === expected.length ? [...found].toSorted() : found).toEqual([...expected].toSorted())
  })

  it('say where they stand', () => {
    expect(templateReferences('a\n {{ b }}')[0]?.at).toEqual({ offset: 6, line: 2, column: 5 })
  })
})

describe('nearest', () => {
  it.each([
    ['elment', 'element'],
    ['whlie', 'while'],
    ['maxAttempts', 'max_attempts'],
    ['on_sucess', 'on_success'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, ['element', 'while', 'max_attempts', 'on_success', 'on_error'])).toBe(meant)
  })

  it('gives nothing when nothing is near', () => {
    expect(nearest('colour', ['url', 'while', 'max_attempts'])).toBeNull()
  })
})
