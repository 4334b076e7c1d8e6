import { describe, expect, it } from 'vitest'
import type { WorkloadInput } from '@/domain/playbook/workload-inputs'
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
})
