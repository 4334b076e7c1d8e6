import { describe, expect, it } from 'vitest'
import { stepAt } from './step-at'

const TEXT = `workflow:
  - step: start
    next: [{ step: first }]
  - step: "first" # all pages
    tool: http
  - { step: second, tool: http }
  - step: end
`
const HTTP = ['first', 'second']
const at = (words: string): number => TEXT.indexOf(words)

describe('stepAt', () => {
  it.each([
    ['in the lines of a step', 'tool: http\n', 'first'],
    ['on the line that names it', '- step: "first"', 'first'],
    ['in a step on one line', '{ step: second', 'second'],
    ['in a step that sends nothing', '- step: end', 'first'],
    ['before all steps', 'workflow', 'first'],
  ])('finds the step %s', (_where, words, step) => {
    expect(stepAt(TEXT, at(words), HTTP)).toBe(step)
  })

  it('finds none where no step sends anything', () => {
    expect(stepAt(TEXT, 0, [])).toBeNull()
  })
})
