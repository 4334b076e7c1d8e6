import { z } from 'zod'
import { errorFactsSchema } from '../execution/events'
import type { Json } from '../json'

/** So many pages a test follows at most: it is a look, not a run. */
export const MOST_TESTED_PAGES = 10

const trialSchema = z.strictObject({
  content: z.string(),
  step: z.string().min(1).max(256),
  element_index: z.number().int().min(0).default(0).describe('0 for a step without a loop'),
  workload: z
    .record(z.string(), z.custom<Json>())
    .default({})
    .describe('keys of the workload to override, as in a run'),
})

/** One page of one element. `page` n follows the pages 1 to n. */
export const testStepSchema = trialSchema.extend({
  page: z
    .number()
    .int()
    .min(1)
    .max(MOST_TESTED_PAGES, { error: `a test follows at most ${MOST_TESTED_PAGES} pages; run the playbook for more` })
    .default(1),
})
export type TestStep = z.infer<typeof testStepSchema>

export const detectSchema = trialSchema
export type Detect = z.infer<typeof detectSchema>

const requestSchema = z.record(z.string(), z.unknown()).describe('as sent, secrets masked')

const elementSchema = z.object({
  index: z.number().int(),
  label: z.string(),
  count: z.number().int().describe('elements of the loop after where, order_by and limit; 1 without a loop'),
  labels: z.array(z.string()).describe('of the first 100'),
})
export type TestedElement = z.infer<typeof elementSchema>

export const testAnswerSchema = z.object({
  element: elementSchema,
  page: z.number().int().describe('lower than asked for where the pages end before'),
  requests: z.number().int().describe('sent in all, tries of earlier pages included'),
  request: requestSchema,
  response: z
    .object({
      status: z.number().int(),
      headers: z.record(z.string(), z.string()),
      body: z.string().describe('the first 64 Ki characters'),
      body_truncated: z.boolean(),
      bytes: z.number().int().nullable(),
    })
    .nullable()
    .describe('null when none came'),
  duration_ms: z.number().int(),
  items: z
    .object({
      path: z.string().describe('$ is the whole body'),
      guessed: z.boolean(),
      count: z.number().int(),
      received: z.number().int().describe('before anything was cut or dropped'),
      rows: z.array(z.unknown()).describe('the first 20'),
    })
    .nullable()
    .describe('null for a page that failed'),
  decision: z.record(z.string(), z.unknown()).nullable().describe('the rule that decided, and the values it saw'),
  next: z.object({ page: z.number().int(), request: requestSchema }).nullable().describe('null at the end'),
  stop_reason: z.string().nullable(),
  warnings: z.array(z.object({ kind: z.string(), message: z.string() })),
  tries: z.array(
    z.object({
      page: z.number().int(),
      attempt: z.number().int(),
      error: errorFactsSchema,
      delay_ms: z.number().int().nullable(),
    }),
  ),
  error: errorFactsSchema.nullable().describe('as a run would end with'),
  waiting_until: z.iso.datetime().nullable().describe('when a run would try again: a test does not wait that long'),
})
export type TestAnswer = z.infer<typeof testAnswerSchema>

const choiceSchema = z.record(z.string(), z.unknown()).describe('a `paginate` block')

export const detectAnswerSchema = z.object({
  element: elementSchema,
  proved: z.boolean().describe('a second page came, with other items than the first'),
  choice: choiceSchema.nullable(),
  evidence: z.array(z.string()),
  refused: z.array(z.object({ choice: choiceSchema, why: z.string() })),
  pages: z.array(
    z.object({ page: z.number().int(), request: requestSchema, status: z.number().int(), items: z.number().int() }),
  ),
  reason: z.string().nullable().describe('why there is nothing to write'),
  hint: z.string().nullable(),
  yaml: z.string().nullable().describe('the explicit block'),
  edit: z
    .object({ from: z.number().int(), to: z.number().int(), insert: z.string() })
    .nullable()
    .describe('puts the block into the text sent, and touches nothing else; null: do it by hand'),
})
export type DetectAnswer = z.infer<typeof detectAnswerSchema>
