import { describe, expect, it } from 'vitest'
import { parsePlaybook } from '../parse-playbook'

const HEAD = 'apiVersion: noetl.io/v1\nkind: Playbook\nmetadata: { name: a, path: a/b }\nworkload: { x: 1 }\n'

/** What is told of a statement, by what stands at the place. */
function told(statement: string): string[] {
  const text = `${HEAD}workflow:\n  - step: start\n    tool: postgres\n    statement: |\n      ${statement.replaceAll('\n', '\n      ')}\n`
  return parsePlaybook(text).diagnostics.map(
    ({ code, message, from }) => `${code} ${message}: ${text.slice(from, from + 10)}`,
  )
}

describe('a {{ }} of a statement', () => {
  it.each([
    ['in a text', "SELECT '{{ workload.x }}', {{ workload.x }}"],
    ['in a text behind a doubled quote', "SELECT 'it''s {{ workload.x }}'"],
    ['in a text behind an escaped quote', "SELECT E'it\\'s {{ workload.x }}'"],
    ['in a text of several', "SELECT '%' || {{ workload.x }} || '{{ workload.x }}'"],
    ['in a name', 'SELECT "{{ workload.x }}"'],
    ['in a body between dollars', 'DO $body$ BEGIN PERFORM $$a$$, {{ workload.x }}; END $body$'],
    ['in a comment to the end of the line', 'SELECT 1 -- {{ workload.x }}'],
    ['in a comment inside of a comment', 'SELECT 1 /* a /* b */ {{ workload.x }} */'],
  ])('%s is refused where it stands, as no value can be bound there', (_where, statement) => {
    expect(told(statement)).toEqual([
      'template_statement between quotes, or in a comment, no value can be bound: {{ workloa',
    ])
  })

  it.each([
    ["SELECT 'it''s' || {{ workload.x }} || '--' || {{ workload.x }}"],
    ["SELECT date'2026-01-01\\', {{ workload.x }}"],
    ['SELECT "a" -- why\n, {{ workload.x }}'],
    ['SELECT /* a /* b */ */ {{ workload.x }}, $$ text $$, {{ workload.x }}'],
    ["SELECT E'\\\\', {{ workload.x }}"],
    ['SELECT a$b$ , {{ workload.x }} FROM t'],
  ])('outside of all that is taken: %s', (statement) => {
    expect(told(statement)).toEqual([])
  })
})
