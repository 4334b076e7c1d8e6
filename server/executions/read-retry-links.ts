import { z } from 'zod'
import { retryLinkSchema, type RetryLink } from '@/domain/api/executions'
import { pool } from '../db/pool'

type Links = { retried_from: RetryLink | null; retried_by: RetryLink[] }

const LINKS = `
  (SELECT 'from' AS side, b.execution_id, b.status, a.trigger
   FROM noetl.execution a JOIN noetl.execution b ON b.execution_id = a.retried_from
   WHERE a.execution_id = $1 AND b.removed_at IS NULL)
  UNION ALL
  (SELECT 'by', execution_id, status, trigger FROM noetl.execution
   WHERE retried_from = $1 AND removed_at IS NULL ORDER BY execution_id DESC LIMIT 20)`

const rowSchema = z.object({
  side: z.enum(['from', 'by']),
  execution_id: z.string(),
  status: z.string(),
  trigger: z.object({ scope: z.string(), version: z.string() }),
})

/** The execution that this one retries, and those that retry it. One that was deleted is not named. */
export async function readRetryLinks(executionId: string): Promise<Links> {
  const { rows } = await pool().query(LINKS, [executionId])
  const links = rows.map((row) => {
    const { side, trigger, ...link } = rowSchema.parse(row)
    return { side, link: retryLinkSchema.parse({ ...link, scope: trigger.scope, version: trigger.version }) }
  })
  return {
    retried_from: links.find(({ side }) => side === 'from')?.link ?? null,
    retried_by: links.flatMap(({ side, link }) => (side === 'by' ? [link] : [])).toReversed(),
  }
}
