import { describe, expect, it } from 'vitest'
import { playbookJsonSchema } from '@/domain/playbook/json-schema'
import { describeAt, keysAt, valuesAt } from './schema-walk'

const schema = playbookJsonSchema()
const names = (path: string[], written = {}) => keysAt(schema, path, written).map(({ name }) => name)

describe('the schema of the language, walked by path', () => {
  it('knows the keys of the playbook and which must be there', () => {
    const keys = keysAt(schema, [])
    expect(keys.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['apiVersion', 'metadata', 'workload', 'workflow', 'expect']),
    )
    expect(keys.find(({ name }) => name === 'workflow')).toMatchObject({ isRequired: true, isList: true })
  })

  it('narrows the keys of a step to its tool', () => {
    expect(names(['workflow', '*'])).toEqual(expect.arrayContaining(['url', 'statement', 'expression']))
    expect(names(['workflow', '*'], { tool: 'http' })).toContain('paginate')
    expect(names(['workflow', '*'], { tool: 'http' })).not.toContain('statement')
  })

  it('calls a key required only where every alternative asks for it', () => {
    const required = (written: Record<string, string>) =>
      keysAt(schema, ['workflow', '*'], written).flatMap(({ name, isRequired }) => (isRequired ? [name] : []))
    expect(required({})).toEqual(['step'])
    expect(required({ tool: 'http' })).toEqual(expect.arrayContaining(['step', 'url']))
  })

  it('lists the values of a key', () => {
    expect(valuesAt(schema, ['workflow', '*', 'loop', 'mode'])).toEqual(['sequential', 'async', 'chunked'])
    expect(valuesAt(schema, ['workflow', '*', 'tool'])).toContain('http')
  })

  it('says what a key is for', () => {
    expect(describeAt(schema, ['workflow', '*', 'loop'])).toMatch(/\w+/)
    expect(describeAt(schema, ['workflow', '*', 'no_such_key'])).toBeNull()
  })
})
