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

  it('says of every change what body it wants, an empty one too: without a content type it would be refused', () => {
    const { paths } = JSON.parse(text)
    for (const [path, { post }] of Object.entries<{ post?: { requestBody?: unknown } }>(paths))
      if (post !== undefined) expect(post.requestBody, path).toBeDefined()
    const empty = paths['/api/executions/{id}/cancel'].post.requestBody
    expect(empty).toMatchObject({ required: true, content: { 'application/json': { schema: { type: 'object' } } } })
    expect(paths['/api/hooks/{token}'].post.requestBody.required).toBe(false)
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
