import { z } from 'zod'
import { timestampSchema } from './fields'
import { playbookStorageSchema } from './retention'

export const healthAnswerSchema = z.object({ status: z.literal('ok') })

export const READY_PARTS = ['database', 'queue', 'worker'] as const
export type ReadyPart = (typeof READY_PARTS)[number]

const checkSchema = z.object({
  part: z.enum(READY_PARTS),
  ok: z.boolean(),
  detail: z.string(),
  remedy: z.string().optional().describe('what to do, where something is wrong'),
})
export type ReadyCheck = z.infer<typeof checkSchema>

/** Each part with what was seen of it; the answer is 200 when all are ok and a 503 problem with `checks` when not. */
export const readyAnswerSchema = z.object({ ready: z.boolean(), checks: z.array(checkSchema) })
export type ReadyAnswer = z.infer<typeof readyAnswerSchema>

const workerSchema = z.object({
  worker_id: z.string(),
  hostname: z.string(),
  pid: z.number().int(),
  queue: z.string(),
  ready: z.boolean(),
  trouble: z.string().nullable(),
  started_at: timestampSchema,
  seen_ms: z.number().int().describe('since its last heartbeat'),
  heard_ms: z.number().int().nullable().describe('since a ticket last came to it through the queue'),
})

const countSchema = z.number().int().nullable()
const queueCountSchema = z.object({
  name: z.string(),
  waiting: countSchema,
  active: countSchema,
  delayed: countSchema,
})
export type QueueCount = z.infer<typeof queueCountSchema>

/** Always 200: what can't be read now is null, and `checks` say why. */
export const systemAnswerSchema = readyAnswerSchema.extend({
  workers: z.array(workerSchema).nullable(),
  queues: z.array(queueCountSchema),
  database: z.object({ version: z.string(), bytes: z.number() }).nullable(),
  playbooks: z.array(playbookStorageSchema).nullable().describe('those whose executions take most'),
})
export type SystemAnswer = z.infer<typeof systemAnswerSchema>
