import { describe, expect, it } from 'vitest'
import { parsePlaybook } from '../parse-playbook'

const HEAD =
  'apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: { name: a, path: a/b }\nworkload: { url: "http://a" }\n'

/** `line:column path message` of each diagnostic. */
const told = (text: string): string[] =>
  parsePlaybook(text).diagnostics.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`)

const hintsOf = (text: string): (string | null)[] => parsePlaybook(text).diagnostics.map(({ hint }) => hint)

describe('a spelling of another dialect', () => {
  it('is told once, and what it holds is checked where it stands', () => {
    const text = `${HEAD}workflow:
  - step: start
    tool:
      kind: http
      name: fetch
      endpoint: "{{ workload.ulr }}"
      params: { a: "{{ start.x }}" }
      verb: GET
    next: end
  - step: end
`
    expect(told(text)).toEqual([
      '7:5 /workflow/0/tool `tool` must be one of http, postgres, transform, assert, playbook, not an object',
      '10:7 /workflow/0/tool/endpoint `endpoint` is not a key of an http step',
      '10:21 /workflow/0/tool/endpoint `workload` has no `ulr`',
      '11:24 /workflow/0/tool/params/a the step `start` has not finished here',
      '12:7 /workflow/0/tool/verb `verb` is not a key of an http step',
      '13:11 /workflow/0/next `next` must be a list, not the text `end`',
    ])
  })

  it('asks for nothing that is there under another name', () => {
    expect(
      told(`${HEAD}workflow:
  - step: start
    type: http
    url: "{{ workload.url }}"
    loop: { in: [1], iterator: e }
    next: [{ step: save }]
  - step: save
    tool: postgres
    query: SELECT '{{ e }}'
`),
    ).toEqual([
      '7:5 /workflow/0/type `type` is not a key of a step without a tool',
      '9:13 /workflow/0/loop/in `in` is not a key of a loop',
      '9:22 /workflow/0/loop/iterator `iterator` is not a key of a loop',
      '13:5 /workflow/1/query `query` is not a key of a postgres step',
      '13:20 /workflow/1/query between quotes, or in a comment, no value can be bound',
      '13:23 /workflow/1/query `e` is not known here',
    ])
  })

  it('of a tool that is none here hides the rest of its step, and nothing of the others', () => {
    const text = `${HEAD}workflow:
  - step: start
    type: python
    code: "{{ nobody }}"
    args: { a: 1 }
    next: [{ step: two }]
  - step: two
    tool: { kind: nats, subject: x }
    next: [{ step: three }]
  - step: three
    tool: [{ fetch: { kind: http } }, { save: { kind: postgres } }]
  - step: four
`
    expect(told(text)).toEqual([
      '7:5 /workflow/0/type `type` is not a key of a step without a tool',
      '12:5 /workflow/1/tool `tool` must be one of http, postgres, transform, assert, playbook, not an object',
      '15:5 /workflow/2/tool `tool` must be one of http, postgres, transform, assert, playbook, not a list',
      '16:11 /workflow/3/step nothing leads to `four`',
    ])
    expect(hintsOf(text)[1]).toBe('There is no tool `nats` here: what it does can be called by `tool: http`.')
  })

  it('of a next step is told with the entries to write', () => {
    const text = `${HEAD}workflow:
  - step: start
    next:
      - when: "{{ workload.urll == 1 }}"
        then: [{ step: a, args: { x: 1 } }, b]
      - else: [{ step: c }]
  - step: a
    next: { spec: { mode: exclusive }, arcs: [{ step: c, when: "{{ ur == 1 }}" }, { step: nobody }] }
  - step: b
    next: { step: c }
  - step: c
`
    expect(told(text)).toEqual([
      '8:19 /workflow/0/next/0/when `workload` has no `urll`',
      '9:9 /workflow/0/next/0/then an entry of next names one step: `then` is no list of steps',
      '9:27 /workflow/0/next/0/then/0/args `args` is not a key of an entry of next',
      '10:9 /workflow/0/next/1/else an entry of next names one step: `else` is no list of steps',
      '12:5 /workflow/1/next `next` must be a list, not an object',
      '12:68 /workflow/1/next/arcs/0/when `ur` is not known here',
      '14:5 /workflow/2/next `next` must be a list, not an object',
    ])
    expect(hintsOf(text)[1]).toBe('Write `{ step: a, when: … }, { step: b, when: … }` in the list of `next`.')
    expect(hintsOf(text)[3]).toBe('Write `{ step: c, else: true }` in the list of `next`.')
  })

  it('of metadata is told at its keys alone', () => {
    expect(told('apiVersion: noetl.io/v1\nkind: Playbook\nname: a\npath: a/b\nworkflow: [{ step: start }]\n')).toEqual([
      '3:1 /name `name` is not a key of a playbook',
      '4:1 /path `path` is not a key of a playbook',
    ])
  })

  it('of pages, where a loop has no collection, is told as pages', () => {
    const loop = 'loop: { pagination: { continue_while: "{{ response.more }}" } }'
    const text = `${HEAD}workflow: [{ step: start, tool: http, url: "http://a", ${loop} }]\n`
    expect(told(text)).toEqual(['5:64 /workflow/0/loop/pagination `pagination` is not a key of a loop'])
    expect(hintsOf(text)[0]).toContain('`retry: { on_success: { while, next_call')
  })

  it.each([
    ['url: "{{ url }}"', 'An input is read as workload.url.'],
    ['url: "{{ now() }}"', expect.stringContaining('There are no clock')],
    ['url: a\nloop: {}', 'Write a list, or a template that gives one.'],
  ])('is told with what to write: %s', (lines, hint) => {
    const text = `${HEAD}workflow:\n  - step: start\n    tool: http\n${lines.replaceAll(/^/gm, '    ')}\n`
    expect(hintsOf(text)).toContainEqual(hint)
  })

  it('in the name of a step, and where a tool was forgotten, is told with what to write', () => {
    expect(hintsOf(`${HEAD}workflow:\n  - { step: tests/one, url: x }\n`)).toEqual([
      'Write `tests_one`, here and where it is named.',
      'It goes with `tool: http`.',
    ])
  })
})

describe('YAML that can not be read', () => {
  it('is told by the first fault, and by others that have a cause of their own', () => {
    const text = `${HEAD}workflow:
  - step: start
    code: |
      one
   two: 2
  three: [
  url: {{ a }}
  url2: {{ b }}
`
    expect(told(text).length).toBeLessThanOrEqual(3)
    expect(told(text)[0]).toMatch(/^9:/)
  })
})
