import { describe, expect, it } from 'vitest'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import { workloadInputs, type WorkloadInput } from '@/domain/playbook/workload-inputs'
import { defaultText, readInputs } from './input-values'

const INPUTS: WorkloadInput[] = [
  { key: 'url', default: '{{ secret.URL }}', kind: 'template' },
  { key: 'size', default: 10, kind: 'number' },
  { key: 'deep', default: false, kind: 'boolean' },
  { key: 'list', default: [{ name: 'a' }], kind: 'json' },
]

describe('readInputs', () => {
  it('overrides only what was changed', () => {
    const untouched = Object.fromEntries(INPUTS.map((input) => [input.key, defaultText(input)]))
    expect(readInputs(INPUTS, untouched)).toEqual({ workload: {}, errors: {} })
    expect(readInputs(INPUTS, { size: '25' }).workload).toEqual({ size: 25 })
  })

  it('reads each kind as what it is', () => {
    expect(readInputs(INPUTS, { url: 'http://a', deep: 'true', list: '[1, 2]' }).workload).toEqual({
      url: 'http://a',
      deep: true,
      list: [1, 2],
    })
  })

  it('says what cannot be read, beside its field', () => {
    const { errors, workload } = readInputs(INPUTS, { size: 'many', list: '[1,' })
    expect(Object.keys(errors)).toEqual(['size', 'list'])
    expect(workload).toEqual({})
  })

  it('shows and keeps integers beyond 2^53 digit for digit', () => {
    const { playbook } = parsePlaybook(BIG)
    const inputs = workloadInputs(playbook?.workload ?? {})
    const shown = Object.fromEntries(inputs.map((input) => [input.key, defaultText(input)]))
    expect(shown).toEqual({ id: '18446744073709551616', list: '[\n  "18446744073709551616"\n]' })
    expect(readInputs(inputs, shown)).toEqual({ workload: {}, errors: {} })
    expect(readInputs(inputs, { id: '9007199254740993', list: '[-9007199254740993]' }).workload).toEqual({
      id: '9007199254740993',
      list: ['-9007199254740993'],
    })
  })

  it('refuses numbers that JSON can not hold', () => {
    const edited = { size: '1e400', list: '[1e400]' }
    expect(readInputs(INPUTS, edited)).toEqual({
      workload: {},
      errors: { size: 'This must be a number.', list: '0: this number is too large to be kept; give it as text.' },
    })
  })
})

const BIG = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: big, path: tests/big }
workload: { id: 18446744073709551616, list: [18446744073709551616] }
workflow: [{ step: start }]
`
