import { z } from 'zod'
import type { ApiCall } from './api-call'
import { API_CALLS } from './calls'
import { problemSchema } from './problem'

type Part = Record<string, unknown>

const PROBLEM_REF = '#/components/schemas/Problem'

/** The OpenAPI 3.1 document, made of the schemas that check the requests. */
export function openApiDocument(): Part {
  const paths: Record<string, Part> = {}
  for (const call of API_CALLS) paths[call.path] = { ...paths[call.path], [call.method]: operation(call) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pageturner',
      version: '1',
      description:
        'Ids are decimal strings. Every error is an RFC 9457 problem document. Lists go on with `next_cursor`.',
    },
    paths,
    components: { schemas: { Problem: schemaOf(problemSchema, 'output') } },
  }
}

function operation(call: ApiCall): Part {
  return {
    summary: call.summary,
    parameters: [...pathParameters(call), ...queryParameters(call), ...headerParameters(call)],
    ...bodyOf(call),
    responses: {
      [call.status]: { description: call.summary, content: answerContent(call) },
      default: {
        description: 'A problem document',
        content: { 'application/problem+json': { schema: { $ref: PROBLEM_REF } } },
      },
    },
  }
}

/** A POST that needs to be told nothing takes an empty object: without a content type the server's guard refuses it. */
function bodyOf({ method, body }: ApiCall): Part {
  if (body !== undefined) return { requestBody: requestBody(body) }
  return method === 'post' ? { requestBody: requestBody({ schema: z.strictObject({}) }) } : {}
}

function requestBody({ schema, yaml, optional }: NonNullable<ApiCall['body']>): Part {
  const json = { 'application/json': { schema: schemaOf(schema, 'input') } }
  return {
    required: optional !== true,
    content: yaml ? { 'text/yaml': { schema: { type: 'string' } }, ...json } : json,
  }
}

function answerContent({ answer }: ApiCall): Part {
  if (answer instanceof z.ZodType) return { 'application/json': { schema: schemaOf(answer, 'output') } }
  return Object.fromEntries(answer.map((mediaType) => [mediaType, { schema: { type: 'string' } }]))
}

const pathParameters = ({ path }: ApiCall): Part[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'index' || name === 'page' ? { type: 'integer', minimum: 0 } : { type: 'string' },
  }))

function queryParameters({ query }: ApiCall): Part[] {
  if (query === undefined) return []
  const { properties = {}, required = [] } = querySchema.parse(schemaOf(query, 'input'))
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

const querySchema = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
})

const headerParameters = ({ headers = {} }: ApiCall): Part[] =>
  Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }))

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Part {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
