import { expect, it } from 'vitest'
import { playbookJsonSchema } from './json-schema'
import { parsePlaybook } from './parse-playbook'
import { workloadInputs } from './workload-inputs'

it('describes every key of the language', () => {
  const missing: string[] = []
  const visit = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    for (const [key, value] of Object.entries(schema)) {
      if (key === 'properties' && typeof value === 'object' && value !== null) {
        for (const [name, property] of Object.entries(value)) {
          if (!described(property) && name !== 'tool') missing.push(`${path}/${name}`)
        }
      }
      visit(value, key === 'properties' ? path : `${path}/${key}`)
    }
  }
  visit(playbookJsonSchema(), '')
  expect(missing).toEqual([])
})

it('offers defaults and the words of a key', () => {
  const text = JSON.stringify(playbookJsonSchema())
  expect(text).toContain('"enum":["sequential","async","chunked"]')
  expect(text).toContain('"default":30')
  expect(text).toContain('"on_success"')
  expect(text).toContain('"retry_when"')
})

it('lists the inputs of a run with their kinds', () => {
  const { playbook } = parsePlaybook(`apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: a }
workload: { url: "{{ secret.URL }}", name: x, size: 10, deep: { a: 1 }, on: true, none: null }
workflow: [{ step: start }]`)
  expect(workloadInputs(playbook?.workload ?? {})).toEqual([
    { key: 'url', default: '{{ secret.URL }}', kind: 'template' },
    { key: 'name', default: 'x', kind: 'string' },
    { key: 'size', default: 10, kind: 'number' },
    { key: 'deep', default: { a: 1 }, kind: 'json' },
    { key: 'on', default: true, kind: 'boolean' },
    { key: 'none', default: null, kind: 'json' },
  ])
})

const described = (property: unknown): boolean =>
  typeof property === 'object' && property !== null && 'description' in property
