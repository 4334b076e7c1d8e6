import { expect, it } from 'vitest'
import { conditionActual } from './condition-actual'

const SCOPE = { n: 7, list: [{ kind: 'a' }, { kind: 'b' }], text: 'a<b' }

it.each([
  ['n == 7', 7],
  ['(n > 5)', 7],
  ['n + 1 <= 8', 8],
  ['1 < n < 9', 1],
  ['list | selectattr("kind", "==", "a") | list | length == 1', 1],
  ['list | selectattr("kind", "==", "a") | list | length', 1],
  ['"a<b" in text', true],
  ['n == 7 and list | length == 2', true],
  ['not n == 8', true],
  ['"more" if n > 5 else "less"', 'more'],
])('of %s tells the value that was compared, or what the whole gave', (condition, actual) => {
  expect(conditionActual(`{{ ${condition} }}`, SCOPE)).toEqual(actual)
})
