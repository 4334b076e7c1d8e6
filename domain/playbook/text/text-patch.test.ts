import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { applyEdit, setScalar, type ScalarValue } from './text-patch'

const TEXT = `# a playbook
metadata:
  name: a   # short
  path: "a/b"
workload: { url: 'http://x', size: 10 }
empty:
flow: {}
workflow:
  - step: start
    timeout: 30
    statement: |
      select 1;
      select 2;
  # the second
  - step: two
`

const set = (path: (string | number)[], value: ScalarValue): string => {
  const edit = setScalar(TEXT, path, value)
  if (edit === null) throw new Error('no edit')
  return applyEdit(TEXT, edit)
}

describe('setScalar', () => {
  it.each<[string, (string | number)[], ScalarValue, string, string]>([
    ['a plain text, its comment kept', ['metadata', 'name'], 'b', 'name: a   # short', 'name: b   # short'],
    ['a quoted text, its quotes kept', ['metadata', 'path'], 'c/d', '"a/b"', '"c/d"'],
    ['a single-quoted text', ['workload', 'url'], "it's", "'http://x'", `'it''s'`],
    ['a number', ['workload', 'size'], 25, 'size: 10', 'size: 25'],
    ['a text that looks like a number', ['metadata', 'name'], '12', 'name: a ', 'name: "12" '],
    ['a template', ['metadata', 'name'], '{{ workload.a }}', 'name: a ', 'name: "{{ workload.a }}" '],
    ['an empty value', ['empty'], true, 'empty:', 'empty: true'],
    ['a value inside a list', ['workflow', 0, 'timeout'], 2.5, 'timeout: 30', 'timeout: 2.5'],
    ['a block text', ['workflow', 0, 'statement'], 'select 3', '|\n      select 1;\n      select 2;\n', '"select 3"\n'],
    ['a new key of a block', ['metadata', 'description'], 'x', 'path: "a/b"', 'path: "a/b"\n  description: x'],
    ['a new key of a flow object', ['workload', 'key'], 'k', 'size: 10', 'size: 10, key: k'],
    ['a new key of an empty object', ['flow', 'key'], 1, 'flow: {}', 'flow: { key: 1 }'],
    ['a new key of a step', ['workflow', 1, 'tool'], 'http', 'step: two', 'step: two\n    tool: http'],
    ['a new key behind a block text', ['workflow', 0, 'desc'], 'd', 'select 2;\n', 'select 2;\n    desc: d\n'],
  ])('changes only %s', (_what, path, value, before, after) => {
    const changed = set(path, value)
    expect(changed).toBe(TEXT.replace(before, () => after))
    expect(path.reduce<unknown>((at, key) => Reflect.get(Object(at), key), parse(changed))).toBe(value)
  })

  it.each([
    ['a place that isn’t there', ['nope', 'x']],
    ['an object', ['metadata']],
    ['a list item that isn’t there', ['workflow', 7]],
  ])('leaves %s alone', (_what, path) => {
    expect(setScalar(TEXT, path, 1)).toBeNull()
  })

  it('leaves a text alone that can’t be read', () => {
    expect(setScalar('a: [', ['a'], 1)).toBeNull()
  })

  it.each([
    '',
    ' x',
    'a: b',
    '- a',
    'a #b',
    'null',
    'true',
    '1e3',
    'é\n"\\',
    '{',
    '@x',
    'y',
    '!tag',
    '%',
    "'",
    '0x1f',
    '~',
  ])('writes %j so that it is read back', (value) => {
    for (const path of [['metadata', 'name'], ['metadata', 'path'], ['workload', 'url'], ['empty'], ['flow', 'new']]) {
      expect(path.reduce<unknown>((at, key) => Reflect.get(Object(at), key), parse(set(path, value)))).toBe(value)
    }
  })
})
