import { expect, it } from 'vitest'
import { readWorkload } from './read-workload'

it('reads JSON and YAML alike', () => {
  const workload = { names: ['a', 'b'], size: 10, deep: { on: true } }
  expect(readWorkload(JSON.stringify(workload, null, 2))).toEqual({ workload, error: null })
  expect(readWorkload('names: [a, b]\nsize: 10\ndeep: { on: true }\n')).toEqual({ workload, error: null })
})

it('says what is wrong, and where', () => {
  expect(readWorkload('names: [a, b\nsize: 10\n').error).toMatch(/^Line \d+: /)
  expect(readWorkload('[1, 2]').error).toBe('The inputs must be an object of names and values.')
  expect(readWorkload('').error).toBe('The inputs must be an object of names and values.')
})
