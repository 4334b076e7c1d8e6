import { describe, expect, it } from 'vitest'
import { parsePlaybook } from '../parse-playbook'
import { readYaml } from './read-yaml'

const valueOf = (text: string): unknown => {
  const { value, diagnostics } = readYaml(text)
  expect(diagnostics).toEqual([])
  return value
}

const codesOf = (text: string): string[] =>
  readYaml(text).diagnostics.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`)

describe('a merge key', () => {
  it('brings the entries of an object, and its own win wherever they stand', () => {
    expect(valueOf('a: &a { x: 1, y: 2 }\nb: { y: 3, <<: *a, z: 4 }')).toEqual({
      a: { x: 1, y: 2 },
      b: { y: 3, x: 1, z: 4 },
    })
  })

  it('takes a list, of which the first that has an entry wins, and objects that merge themselves', () => {
    const text = 'a: &a { x: 1 }\nb: &b { <<: *a, y: 2 }\nc: { <<: [{ y: 3 }, *b] }'
    expect(valueOf(text)).toMatchObject({ c: { x: 1, y: 3 } })
  })

  it('is a key like any other in quotes', () => {
    expect(valueOf('a: { "<<": 1 }')).toEqual({ a: { '<<': 1 } })
  })

  it('is refused over what is no object, and over what contains it', () => {
    expect(codesOf('a: &a [1]\nb: { <<: *a }')).toEqual([
      '2:10 invalid_merge `<<` merges an object, as *name, or a list of them',
    ])
    expect(codesOf('b: { <<: }')).toEqual(['1:10 invalid_merge `<<` merges an object, as *name, or a list of them'])
    expect(codesOf('a: &a { b: { <<: *a } }')).toEqual(['1:18 cyclic_alias an alias may not point to what contains it'])
    expect(codesOf('a: &a { <<: *a }')).toEqual(['1:13 cyclic_alias an alias may not point to what contains it'])
  })

  it('counts as an alias each time it is followed', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} { <<: [*l${level}, *l${level}] }`,
    )
    expect(codesOf(['l0: &l0 { a: 1 }', ...levels].join('\n'))[0]).toContain('too_many_aliases')
  })

  it('shows a fault where it was written', () => {
    const text = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: a }
workflow:
  - &first
    step: start
    tool: http
    url: "http://a/{{ nope }}"
    next: [{ step: two }]
  - <<: *first
    step: two
    next: []
`
    const places = parsePlaybook(text).diagnostics.map(({ line, column, path }) => `${line}:${column} ${path}`)
    expect(places).toEqual(['8:23 /workflow/0/url'])
    expect(parsePlaybook(text.replace('{{ nope }}', 'x')).playbook?.workflow[1]).toMatchObject({
      step: 'two',
      tool: 'http',
      url: 'http://a/x',
      next: [],
    })
  })
})
