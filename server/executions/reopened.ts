import { z } from 'zod'
import type { JsonObject } from '@/domain/json'

const markedSchema = z.object({ reopen: z.literal(true) })

/** What a retry writes beside whatever a checkpoint holds; the first commit of the next claim writes over it. */
export const REOPEN_MARK = JSON.stringify({ reopen: true })

/** True when a retry opened this iteration again and nothing has come of it yet. */
export const isReopened = (checkpoint: unknown): boolean => markedSchema.safeParse(checkpoint).success

/** A checkpoint as it was before a retry marked it; {} where there is none. */
export function withoutMark(checkpoint: JsonObject | null): JsonObject {
  const { reopen: _mark, ...kept } = checkpoint ?? {}
  return kept
}
