import { describe, expect, it } from 'vitest'
import { parseTemplate } from './parse-template'

describe('what Jinja or its kin has and templates here have not', () => {
  it.each([
    ['{{ 1 | safe }}', 'Leave it out: nothing here is HTML, so nothing is escaped.'],
    ['{{ list | map("to_json") }}', 'Write | tojson.'],
    ['{{ rows | selectattr("id", "contains", 1) }}', 'Write `value in x`.'],
    ['{{ list | select("oddd") }}', 'Did you mean `odd`?'],
    ['{{ list | map("selectattr") }}', null],
    ['{{ namespace(a=1) }}', /^What is set in a loop ends with it/],
    ['{{ now() }}', /^There are no clock/],
    ['{{ list.append(1) }}', /^Data is never changed in place/],
    ['{{ page is callable }}', 'Leave it out: all that templates see is data.'],
    ['{% break %}', /^Write a condition/],
    ['{% raw %}x{% endraw %}', 'Write braces as a text: {{ "{{" }}.'],
    ['{% macro m() %}{% endmacro %}', /^Every field is a template of its own/],
  ])('is refused before a run, with what to write: %s', (source, hint) => {
    const asked = (): unknown => parseTemplate(source)
    expect(asked).toThrow(/^(there is no|the tag)/)
    if (hint !== null) expect(asked).toThrow(expect.objectContaining({ hint: expect.stringMatching(hint) }))
  })

  it('names a filter or test it uses by the place of that name', () => {
    expect(() => parseTemplate('{{ list | map("nope") }}')).toThrow(expect.objectContaining({ column: 15 }))
  })
})
