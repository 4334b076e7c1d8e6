import { z } from 'zod'

/** RFC 9457 problem document; `errors` says where in the request or the playbook (line and column from 1). */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  hint: z.string().optional(),
  errors: z.array(
    z.object({
      path: z.string(),
      line: z.number().int().optional(),
      column: z.number().int().optional(),
      message: z.string(),
    }),
  ),
})
export type Problem = z.infer<typeof problemSchema>
