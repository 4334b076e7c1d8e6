import fc from 'fast-check'
import { expect, it } from 'vitest'
import { evaluateTemplate } from './evaluate-template'
import { parseTemplate } from './parse-template'
import { TemplateError } from './template-error'
import { templateReferences } from './template-references'

const PIECES = [
  '{{ ',
  ' }}',
  '{% if ',
  '{% else %}',
  '{% endif %}',
  '{% for x in ',
  '{% for x, y in ',
  '{% for (x, y) in ',
  '{% endfor %}',
  '{% set v = ',
  '{% raw %}',
  ' %}',
  '{#',
  '#}',
  '{%-',
  '-%}',
  'a',
  'o.k',
  'list',
  'o["k"]',
  'list[0]',
  'list[1:]',
  'secret.X',
  'loop.index',
  '__proto__',
  'o.constructor',
  'big',
  '1',
  '2.5',
  '-1',
  '"x"',
  "'",
  '"',
  '[',
  ']',
  '(',
  ')',
  '{',
  '}',
  '{"k": 1}',
  ',',
  ':',
  '.',
  '|',
  '~',
  ' ',
  '\n',
  ' + ',
  ' ** ',
  ' // ',
  ' == ',
  ' < ',
  ' and ',
  ' not ',
  ' in ',
  ' is ',
  ' is not ',
  ' is in ',
  ' is eq ',
  '\\x41',
  '\\u00e',
  ' if ',
  ' else ',
  ' && ',
  ' = ',
  ' | int',
  ' | tojson',
  ' | default(1)',
  ' | map("int")',
  ' | sort',
  ' | nope',
  ' | join(","',
  'range(3)',
  '.items()',
  '\\',
  '%',
  '😀',
  '\ud800',
  '\0',
  '\u2028',
  'é',
]
const SCOPE = { a: 1, o: { k: 1 }, list: [3, 1, 2], big: 9_007_199_254_740_993n }

/** What it gives, or the refusal; anything else that is thrown passes through. */
function refusalOf(work: () => unknown): TemplateError | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
}

it('any text is a template or is refused with its place', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }), (pieces) => {
      const source = pieces.join('')
      for (const work of [parseTemplate, templateReferences, (text: string) => evaluateTemplate(text, SCOPE)]) {
        const refusal = refusalOf(() => work(source))
        if (refusal === null) continue
        const before = source.slice(0, refusal.offset).split('\n')
        expect({ line: refusal.line, column: refusal.column }).toEqual({
          line: before.length,
          column: (before.at(-1)?.length ?? 0) + 1,
        })
        expect(refusal.message).not.toMatch(/parse[A-Z]\w+|\[object|NaN|Symbol\(|got [a-z-]+$/)
      }
    }),
    { numRuns: 4_000, seed: 20_261_130 },
  )
}, 60_000)

it('a name that an evaluation misses is one of those the validator knows of', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }), (pieces) => {
      const source = `{{ ${pieces.join('')} }}`
      const missing = refusalOf(() => evaluateTemplate(source, {}))?.missing ?? null
      if (missing === null || missing.startsWith('this value')) return
      const names = templateReferences(source).map(({ path }) => path[0])
      expect(names).toContain(missing.split('.')[0])
    }),
    { numRuns: 4_000, seed: 20_261_130 },
  )
}, 60_000)

it.each([
  ['{{ 1 | 2.5 }}', 'a name is expected here'],
  ['{% for 1 in list %}{% endfor %}', 'a name is expected here'],
  ['{% for x list %}{% endfor %}', '`in` is expected here'],
  ['{{ range(1 2) }}', '`,` or the closing bracket is expected here'],
])('%s is refused in plain words', (source, message) => {
  expect(refusalOf(() => parseTemplate(source))?.message).toBe(message)
})
