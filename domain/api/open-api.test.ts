import { describe, expect, it } from 'vitest'
import { openApiDocument } from './open-api'

describe('the OpenAPI document', () => {
  const text = JSON.stringify(openApiDocument())

  it('describes every call with its parameters and its problem', () => {
    const document = JSON.parse(text)
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toContain('/api/run/playbook')
    const events = document.paths['/api/executions/{id}/events'].get
    expect(events.parameters.map((parameter: { name: string }) => parameter.name)).toEqual([
      'id',
      'after',
      'type',
      'limit',
    ])
    expect(events.responses.default.content['application/problem+json'].schema.$ref).toBe(
      '#/components/schemas/Problem',
    )
  })

  it('holds no reference that leads nowhere', () => {
    const document = JSON.parse(text)
    for (const [, pointer] of text.matchAll(/"\$ref":"#([^"]*)"/g)) {
      const target = (pointer ?? '')
        .split('/')
        .slice(1)
        .reduce((node, key) => node?.[key], document)
      expect(target, pointer).toBeDefined()
    }
  })
})
