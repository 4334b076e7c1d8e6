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

it('keeps integers beyond 2^53 digit for digit, and refuses numbers that JSON can not hold', () => {
  const workload = { id: '18446744073709551616', list: ['-9007199254740993', 5] }
  expect(readWorkload('{"id": 18446744073709551616, "list": [-9007199254740993, 5]}')).toEqual({
    workload,
    error: null,
  })
  expect(readWorkload('id: 18446744073709551616\nlist: [-9007199254740993, 5]').workload).toEqual(workload)
  expect(readWorkload('a: 1e400').error).toBe('a: Infinity is no number that JSON can hold.')
  expect(readWorkload('a: [.nan]').error).toBe('0: NaN is no number that JSON can hold.')
})
