import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePlaybook } from './parse-playbook'

const FOLDER = join(import.meta.dirname, '../../playbooks')
const TEXTS = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(join(FOLDER, name), 'utf8'))

const PIECES = [
  '{{',
  '}}',
  '{%',
  '"',
  "'",
  ':',
  '- ',
  '\n',
  '\r\n',
  '\t',
  '\r',
  '\uFEFF',
  '---\n',
  '&a ',
  '*a',
  '<<: *a',
  '!!str ',
  '|\n',
  '>\n',
  '#',
  '\0',
  '\u2028',
  '😀',
  '\ud800',
  '[',
  '{',
  'null',
  '1e999',
  '9007199254740993',
  '__proto__',
  '\\',
  '? a\n: b\n',
  '{{ secret }}',
  ': {}',
  ': []',
  ': {{ x }}',
  'x'.repeat(3_000),
]

const mutation = fc.record({
  kind: fc.constantFrom('insert', 'delete', 'drop', 'swap', 'indent'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  other: fc.double({ min: 0, max: 1, noNaN: true }),
  piece: fc.constantFrom(...PIECES),
})
type Mutation = { kind: string; at: number; other: number; piece: string }

function mutate(text: string, { kind, at, other, piece }: Mutation): string {
  const offset = Math.floor(at * text.length)
  if (kind === 'insert') return text.slice(0, offset) + piece + text.slice(offset)
  if (kind === 'delete') return text.slice(0, offset) + text.slice(offset + Math.ceil(other * 20))
  const lines = text.split('\n')
  const line = Math.floor(at * (lines.length - 1))
  const second = Math.floor(other * (lines.length - 1))
  if (kind === 'drop') return lines.toSpliced(line, 1).join('\n')
  if (kind === 'indent')
    return lines.with(line, `${' '.repeat(second % 8)}${lines[line]?.trimStart() ?? ''}`).join('\n')
  return lines
    .with(line, lines[second] ?? '')
    .with(second, lines[line] ?? '')
    .join('\n')
}

const placeOf = (text: string, offset: number) => {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

describe('any text', () => {
  it('is a playbook or is told what is wrong, each fault at its place', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TEXTS),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (source, mutations, isWindows) => {
          const mutated = mutations.reduce(mutate, source)
          const text = isWindows ? mutated.replaceAll('\n', '\r\n') : mutated
          const { playbook, diagnostics } = parsePlaybook(text)
          expect(playbook === null).toBe(diagnostics.some(({ severity }) => severity === 'error'))
          for (const { from, to, line, column, endLine, endColumn, message, hint } of diagnostics) {
            expect(0 <= from && from <= to && to <= text.length).toBe(true)
            expect({ line, column }).toEqual(placeOf(text, from))
            expect({ line: endLine, column: endColumn }).toEqual(placeOf(text, to))
            expect(`${message} ${hint}`).not.toMatch(/undefined|\[object|NaN/)
            expect(message.length).toBeLessThan(500)
          }
        },
      ),
      { numRuns: 400, seed: 20_261_130 },
    )
  }, 60_000)

  it.each([
    ['a name that is an object', '  - step: {}\n    tool: http\n    url: "{{ a.stats.x }}"\n'],
    ['a name that is a list', '  - step: [1]\n    next: [{ step: {} }]\n    tool: http\n    url: "{{ a }}"\n'],
  ])('with %s is told of it', (_what, steps) => {
    const { diagnostics } = parsePlaybook(
      `apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: { name: a }\nworkflow:\n${steps}`,
    )
    expect(diagnostics.map(({ code }) => code)).toContain('wrong_type')
  })
})

describe('the place of a name', () => {
  it.each([
    ['behind characters written as one escape', '"\\U0001F600\\u00e9 {{ zzq }}"'],
    ['behind such an escape on a line of its own', '"a\\\n        \\U0001F600\\U0001F600b\n\n        {{ zzq }}"'],
    ['behind folded lines of Windows', '"x\\\r\n        aa\\t \\\r\n        {{ zzq }}"\r'],
    ['behind a blank with a backslash on the next line', '"{{ 1 ~\n\n        \\ zzq }}"'],
    ['in a text with a doubled quote', "'it''s\n\n        {{ zzq }}'"],
    ['in a folded block', '>-\n        a\n\n          b\n        c {{ zzq }}'],
  ])('is right %s', (_what, value) => {
    const text = `apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: { name: a }\nworkload:\n  a:\n      b: ${value}\nworkflow: [{ step: start }]\n`
    const [fault] = parsePlaybook(text).diagnostics
    expect(text.slice(fault?.from, fault?.to)).toBe('zzq')
  })
})

describe('a text of the largest size', () => {
  const head = 'apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: { name: a }\n'
  const many = (count: number, write: (index: number) => string): string =>
    Array.from({ length: count }, (_, at) => write(at)).join('')

  it.each([
    [
      'names that are not there',
      `${head}workload:\n${many(4_000, (at) => `  key_${at}: "{{ workload.kye_${at} }}"\n`)}workflow: [{ step: start }]\n`,
    ],
    ['keys of one object', `${head}workload:\n${many(18_000, (at) => `  k${at}: 1\n`)}workflow: [{ step: start }]\n`],
    ['keys that are not known', `${head}workflow:\n  - step: start\n${many(12_000, (at) => `    kee${at}: 1\n`)}`],
    [
      'steps',
      `${head}workflow:\n${many(2_500, (at) => `  - step: s${at}\n    tool: assert\n    that: [{ name: a, expr: s${at}.x }]\n`)}`,
    ],
    ['anchors', many(60_000, () => '&a ')],
  ])(
    'is checked soon with many %s',
    (_what, text) => {
      expect(text.length).toBeGreaterThan(140_000)
      const started = process.cpuUsage()
      parsePlaybook(text)
      expect(process.cpuUsage(started).user).toBeLessThan(2_500_000)
    },
    60_000,
  )

  it('is refused with an error among the first, however many warnings there are', () => {
    const text = `${head}workflow:\n  - step: start\n${many(400, (at) => `  - step: s${at}\n`)}  - step: s1\n`
    const { playbook, diagnostics } = parsePlaybook(text)
    expect(playbook).toBeNull()
    expect(diagnostics).toHaveLength(200)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([{ code: 'duplicate_step' }])
  })
})
