import type { z } from 'zod'

/** `optional`: the call may come without one. */
type Body = { schema: z.ZodType; yaml?: true; optional?: true }

/** One call of the API: the same schemas check its requests. `answer` is a schema, or the media types of what isn't JSON. */
export type ApiCall = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  path: string
  summary: string
  query?: z.ZodType
  headers?: Readonly<Record<string, string>>
  body?: Body
  status: number
  answer: z.ZodType | readonly string[]
}
