import { z } from 'zod'
import { timestampSchema } from './fields'

const daysSchema = z.number().int().min(1).max(36_500)
const runsSchema = z.number().int().min(1).max(100_000)

/** How long ended executions of a playbook are kept; null is for ever. With both, whichever limit is reached first counts. */
export const retentionSchema = z.strictObject({
  keep_days: daysSchema.nullable().describe('days after its end'),
  keep_runs: runsSchema.nullable().describe('this many, the newest'),
})
export type RetentionPolicy = z.infer<typeof retentionSchema>

/** With either, the answer says what such a policy would remove now. */
export const retentionQuerySchema = z.strictObject({
  keep_days: z.coerce.number().pipe(daysSchema).optional(),
  keep_runs: z.coerce.number().pipe(runsSchema).optional(),
})

const amountSchema = z.object({
  executions: z.number().int(),
  pages: z.number().int(),
  bytes: z.number().int().describe('about; large executions are measured by a sample'),
})

export const removalPreviewSchema = amountSchema.extend({
  oldest_at: timestampSchema.nullable(),
  newest_at: timestampSchema.nullable(),
  at_least: z.boolean().describe('there are more than were counted'),
})
export type RemovalPreview = z.infer<typeof removalPreviewSchema>

export const retentionAnswerSchema = retentionSchema.extend({
  path: z.string(),
  stored: amountSchema.describe('ended executions, those that other playbooks ran included'),
  removed: z.array(amountSchema.extend({ day: z.iso.date() })).describe('the last days on which something was'),
  preview: removalPreviewSchema.nullable(),
})
export type RetentionAnswer = z.infer<typeof retentionAnswerSchema>

export const playbookStorageSchema = amountSchema.extend({
  path: z.string(),
  keep_days: z.number().int().nullable(),
  keep_runs: z.number().int().nullable(),
  removed: amountSchema.describe('by retention, so far'),
  last_removed_at: timestampSchema.nullable(),
})
export type PlaybookStorage = z.infer<typeof playbookStorageSchema>
