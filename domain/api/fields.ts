import { z } from 'zod'

const BIGINT_MAX = '9223372036854775807'

/** An id: a positive 64-bit integer as decimal text, because JSON numbers of that size get rounded on the way. */
export const idSchema = z
  .string()
  .regex(/^[1-9]\d{0,18}$/, 'an id is a positive decimal number')
  .refine((text) => text.length < BIGINT_MAX.length || text <= BIGINT_MAX, `an id is at most ${BIGINT_MAX}`)

/** security.md "Input": segments of [A-Za-z0-9._-] joined by "/", none of them only dots. */
export const playbookPathSchema = z
  .string()
  .min(1)
  .max(512)
  .regex(
    /^(?!\.+(?:\/|$))[A-Za-z0-9._-]+(?:\/(?!\.+(?:\/|$))[A-Za-z0-9._-]+)*$/,
    'a playbook path is segments of letters, digits, ".", "_" and "-" joined by "/"',
  )

export const timestampSchema = z.iso.datetime()

const INT_MAX = 2_147_483_647

/** A whole number from a query string, in PostgreSQL's `integer`. An empty one is refused: it would read as 0. */
export const countParam = z.preprocess(
  (text) => (typeof text === 'string' && !/^\d+$/.test(text) ? Number.NaN : text),
  z.coerce.number().int().min(0).max(INT_MAX),
)

export const flagParam = z.enum(['1', '0', 'true', 'false']).transform((text) => text === '1' || text === 'true')

/** `?limit=` of a list; a larger wish is refused, not cut. */
export const limitParam = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual)

const EXECUTION_STATUSES = ['PENDING', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED'] as const
export const executionStatusSchema = z.enum(EXECUTION_STATUSES)

const ITERATION_STATUSES = ['PENDING', 'RUNNING', 'WAITING', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED'] as const
export const iterationStatusSchema = z.enum(ITERATION_STATUSES)

/** A list's answer: `next_cursor` is null at the end and otherwise goes back as `?cursor=`. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() })
