import { z } from 'zod'
import { skipBackoff } from '@/domain/execution/element'
import type { ElementState } from '@/domain/execution/element-state'
import type { JsonObject } from '@/domain/json'

const reopenedSchema = z.object({ reopen: z.literal(true) })
const atOnceSchema = z.object({ now: z.literal(true) })

/** What a retry writes beside whatever a checkpoint holds; the first commit of the next claim writes over it. */
export const REOPEN_MARK = JSON.stringify({ reopen: true })

/** What is written beside a checkpoint when somebody does not want its element to wait any longer. */
export const AT_ONCE_MARK = JSON.stringify({ now: true })

/** True when a retry opened this iteration again and nothing has come of it yet. */
export const isReopened = (checkpoint: unknown): boolean => reopenedSchema.safeParse(checkpoint).success

/** The state, its waits between tries cut short where somebody asked for that. */
export const withoutBackoff = (state: ElementState, checkpoint: unknown): ElementState =>
  atOnceSchema.safeParse(checkpoint).success ? skipBackoff(state) : state

/** A checkpoint as it was before a retry marked it; {} where there is none. */
export function withoutMark(checkpoint: JsonObject | null): JsonObject {
  const { reopen: _reopen, now: _now, again: _again, replaced: _replaced, ...kept } = checkpoint ?? {}
  return kept
}
