import { z } from 'zod'
import { authSchema } from './auth-schema'
import { paginateSchema } from './paginate-schema'
import { postgresKeys, sinkSchema } from './postgres-schema'
import { retrySchema } from './retry-schema'
import { anyJson, count, countSetting, expression, jsonObject, list, oneOf, seconds, template, text } from './scalars'
import { strictKeys } from './strict-keys'

/** The words that `tool` takes. */
export const TOOL_NAMES = ['http', 'postgres', 'transform', 'assert', 'playbook'] as const

const STEP_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/
const SECRET_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/

const stepName = z
  .string({ error: 'the name of a step' })
  .regex(STEP_NAME, { error: 'a name of letters, digits, _ and -' })

const loopSchema = strictKeys('a loop', {
  collection: anyJson.describe('What to iterate: a list, or an object whose entries are iterated.'),
  element: z
    .string({ error: 'a name' })
    .regex(IDENTIFIER, { error: 'a name of letters, digits and _' })
    .describe('The name of the element in templates.'),
  mode: oneOf(['sequential', 'async', 'chunked'])
    .default('sequential')
    .describe('One at a time, several at a time, or in batches.'),
  concurrency: countSetting(1).optional().describe('Elements at a time when the mode is async. Default: 10.'),
  chunk_size: countSetting(1).optional().describe('Elements of a batch when the mode is chunked.'),
  where: expression.optional().describe('Which elements to take.'),
  order_by: text.optional().describe('What to sort by; a - before it sorts descending.'),
  limit: countSetting(0).optional().describe('The most elements, after where and order_by.'),
  on_failure: oneOf(['fail', 'continue'])
    .default('fail')
    .describe('What a failed iteration does: fail the step, or let the others go on.'),
}).describe('Runs the step once for each element of a collection.')

const nextSchema = list(
  strictKeys('an entry of next', {
    step: stepName.describe('The step to go on with.'),
    when: expression.optional().describe('Taken when this holds.'),
    else: z.literal(true, { error: 'true' }).optional().describe('Taken when no other entry was.'),
  }),
).describe('The steps to go on with: every entry whose when holds.')

const common = {
  step: stepName.describe('The name of the step; a workflow begins at start.'),
  desc: z.string({ error: 'a text' }).optional().describe('What the step is for.'),
  next: nextSchema.optional(),
}
const working = { ...common, loop: loopSchema.optional(), sink: sinkSchema.optional() }

const rateLimitSchema = strictKeys('rate_limit', {
  requests: count.describe('Requests in that time.'),
  per: seconds.refine((value) => value > 0, { error: 'more than 0 seconds' }).describe('The time, in seconds.'),
}).describe(
  'No more than this many requests in any such time: one budget per origin and credential across all workers. When an answer says that nothing is left (RateLimit-*, X-RateLimit-*), all wait until its reset; a reset further away than `max_wait` is the error `wait_too_long`. Waiting is no failed try.',
)

const httpSchema = strictKeys('an http step', {
  ...working,
  tool: z.literal('http').describe('One request, or all pages of it.'),
  method: template.default('GET').describe('The method.'),
  url: template.describe('The URL.'),
  params: jsonObject.optional().describe('Query parameters.'),
  headers: jsonObject.optional().describe('Headers.'),
  body: anyJson.optional().describe('The body as it is.'),
  json: anyJson.optional().describe('A JSON body.'),
  form: jsonObject.optional().describe('A form body.'),
  auth: authSchema.optional(),
  credential: z
    .string({ error: 'the name of a secret' })
    .regex(SECRET_NAME, { error: 'the name of a secret: letters, digits and _' })
    .optional()
    .describe(
      'The name of a secret that holds the auth object as JSON, such as {"type": "bearer", "token": "…"}; instead of auth. Nothing in it is a template.',
    ),
  timeout: seconds.default(30).describe('Seconds for one request in all.'),
  idle_timeout: seconds.default(10).describe('Seconds without a byte.'),
  max_response_bytes: count.default(50 * 1024 * 1024).describe('The largest response, decompressed.'),
  response: oneOf(['auto', 'json', 'ndjson', 'text']).default('auto').describe('What a response is read as.'),
  fail_when: expression.optional().describe('Over response: a success that is an error all the same.'),
  cross_origin: list(template).default([]).describe('Other origins that next URLs and redirects may lead to.'),
  rate_limit: rateLimitSchema.optional(),
  retry: retrySchema.optional(),
  paginate: paginateSchema.optional(),
})

const postgresSchema = strictKeys('a postgres step', {
  ...working,
  tool: z.literal('postgres').describe('A statement, or rows into a table.'),
  ...postgresKeys,
  retry: retrySchema.optional(),
})

const transformSchema = strictKeys('a transform step', {
  ...working,
  tool: z.literal('transform').describe('Reshapes data with JSONata.'),
  input: anyJson.describe('The data.'),
  expression: text.describe(
    'The JSONata expression. A path that finds one thing gives that thing, and no list: write `[path]` where a list is due. Integers beyond 2^53 are text inside of it, and numbers again in what it gives unless it uses `$string`.',
  ),
})

const assertSchema = strictKeys('an assert step', {
  ...working,
  tool: z.literal('assert').describe('Checks conditions.'),
  that: list(
    strictKeys('a check', { name: text.describe('What is checked.'), expr: expression.describe('What must hold.') }),
  )
    .min(1, { error: 'a list with at least one check' })
    .describe('The conditions.'),
})

const playbookStepSchema = strictKeys('a playbook step', {
  ...working,
  tool: z.literal('playbook').describe('Runs another playbook and waits for it; 8 deep at most.'),
  path: template.describe('The path of the playbook.'),
  workload: jsonObject.optional().describe('Its inputs, which are data there and no templates.'),
})

const routeSchema = strictKeys('a step without a tool', { ...common, tool: z.undefined().optional() })

export const stepSchema = z.discriminatedUnion(
  'tool',
  [httpSchema, postgresSchema, transformSchema, assertSchema, playbookStepSchema, routeSchema],
  { error: 'one of http, postgres, transform, playbook, assert' },
)

export type StepSource = z.infer<typeof stepSchema>
export type LoopSource = z.infer<typeof loopSchema>
export type HttpStepSource = z.infer<typeof httpSchema>
export type PostgresStepSource = z.infer<typeof postgresSchema>
