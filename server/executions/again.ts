import { z } from 'zod'
import { errorFactsSchema } from '@/domain/execution/events'
import type { JsonObject } from '@/domain/json'
import type { ActionEnd } from './action-end'
import type { Claim } from '../db/claim-iteration'

/** How an element had ended, which a page of it that is fetched again doesn't change. */
const endSchema = z.object({
  status: z.enum(['COMPLETED', 'FAILED']),
  error: errorFactsSchema.nullable(),
  stop_reason: z.string().nullable(),
  warnings: z.array(z.unknown()),
})
const againSchema = endSchema.extend({
  page: z.number().int(),
  /** The checkpoint it had ended with, as it was stored. */
  checkpoint: z.custom<JsonObject>(),
})
const markedSchema = z.object({
  again: againSchema.optional(),
  replaced: endSchema.optional(),
  reopen: z.boolean().optional(),
})

export type ElementEnd = z.infer<typeof endSchema>

/** A saved page that is to be fetched again in its place. */
export type Again = z.infer<typeof againSchema>

/** What of a claim says that only one page is to be fetched again; null for a claim like any other. */
export const againOf = (checkpoint: unknown): Again | null => markedSchema.safeParse(checkpoint).data?.again ?? null

/** The end of an element whose page was replaced and whose worker then died; null for any other. */
export function endAfterReplaced({ checkpoint, pages, items }: Claim): ActionEnd | null {
  const marked = markedSchema.safeParse(checkpoint).data
  if (marked?.replaced === undefined || marked.reopen === true) return null
  return endAsBefore(marked.replaced, { pages, items })
}

/** An element ends as it had ended before. */
export function endAsBefore(end: ElementEnd, { pages, items }: { pages: number; items: number }): ActionEnd {
  const { warnings } = end
  return end.status === 'FAILED' && end.error !== null
    ? { end: 'failed', error: end.error, warnings, pages, items }
    : { end: 'completed', stopReason: end.stop_reason, warnings, pages, items }
}
