import { z } from 'zod'
import { skipBackoff } from '@/domain/execution/element'
import type { ElementState } from '@/domain/execution/element-state'
import type { JsonObject } from '@/domain/json'

const reopenedSchema = z.object({ reopen: z.literal(true) })
const toldSchema = z.object({ told: z.literal(true) })
const atOnceSchema = z.object({ now: z.literal(true) })

/** What a retry writes beside whatever a checkpoint holds; the first commit that something came of writes over it. */
export const REOPEN_MARK = JSON.stringify({ reopen: true, told: false })

/** What is written beside a checkpoint when somebody does not want its element to wait any longer. */
export const AT_ONCE_MARK = JSON.stringify({ now: true })

/** True when a retry opened this iteration again and nothing has come of it yet. */
export const isReopened = (checkpoint: unknown): boolean => reopenedSchema.safeParse(checkpoint).success

/** True when nobody was told yet that this iteration begins, or goes on after a retry. */
export const isUntold = (checkpoint: unknown): boolean =>
  checkpoint === null || (isReopened(checkpoint) && !toldSchema.safeParse(checkpoint).success)

/** The place a claim began at, as it is written while nothing has come of it: that it began has been told then. */
export function unmoved(stored: unknown): JsonObject {
  const checkpoint = z.custom<JsonObject>().parse(stored ?? {})
  return isReopened(checkpoint) ? { ...checkpoint, told: true } : checkpoint
}

/** The state, its waits between tries cut short where somebody asked for that. */
export const withoutBackoff = (state: ElementState, checkpoint: unknown): ElementState =>
  atOnceSchema.safeParse(checkpoint).success ? skipBackoff(state) : state

/** A checkpoint as it was before a retry marked it; {} where there is none. */
export function withoutMark(checkpoint: JsonObject | null): JsonObject {
  const { reopen: _reopen, told: _told, now: _now, again: _again, replaced: _replaced, ...kept } = checkpoint ?? {}
  return kept
}
