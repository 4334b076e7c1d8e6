import { z } from 'zod'

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
