import { expect, it } from 'vitest'
import { parsePlaybook } from '../parse-playbook'

const problemsOf = (expression: string): [string, string, string][] => {
  const text = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: a }
workflow:
  - { step: start, tool: transform, input: 1, expression: ${JSON.stringify(expression)} }
`
  return parsePlaybook(text).diagnostics.map(({ code, message, from }) => [code, message, text.slice(from, from + 3)])
}

it('takes what JSONata can read, braces and all', () => {
  expect(problemsOf('$map(items, function($i) {{ "a": $i }})')).toEqual([])
})

it.each([
  ['$sum(items.', 'JSONata can\'t read this: Expected ")" before end of expression'],
  ['a + + b', 'JSONata can\'t read this: The symbol "+" cannot be used as a unary operator'],
])('reports %s before the run', (expression, message) => {
  expect(problemsOf(expression)).toEqual([['jsonata', message, expect.any(String)]])
})
