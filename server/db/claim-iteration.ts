import { createHash, randomUUID } from 'node:crypto'
import type { IterationKey } from './page-commit'
import { fromExactJsonb } from './exact-jsonb'
import { pool } from './pool'

export type Claim = {
  epoch: number
  /** Shown to `noetl.settle_iteration`; only its hash is stored. */
  claimToken: string
  element: unknown
  label: string | null
  checkpoint: unknown
  /** What the loop guard remembers of the saved pages, in page order. */
  fingerprints: string[]
  /** No worker had this iteration before. */
  firstClaim: boolean
  /** Claims since something was last written, this one included: above 3 it is a crash loop (P11). */
  idleStarts: number
  pages: number
  items: number
  retries: number
}

type ClaimRequest = IterationKey & { workerId: string; leaseMs: number }

/** A wait may be claimed this long before it is over: what the claim takes is then not added to it. */
export const WAKE_EARLY_MS = 500

const CLAIM = `
  UPDATE noetl.iteration SET
    epoch = epoch + 1,
    status = 'RUNNING',
    claim_hash = $4,
    worker_id = $5,
    lease_until = clock_timestamp() + $6 * interval '1 millisecond',
    idle_starts = idle_starts + 1,
    next_attempt_at = NULL,
    started_at = coalesce(started_at, clock_timestamp())
  WHERE execution_id = $1 AND step = $2 AND iteration_index = $3
    AND status IN ('PENDING', 'RUNNING', 'WAITING')
    AND EXISTS (SELECT FROM noetl.execution e WHERE e.execution_id = $1 AND e.status = 'RUNNING')
    AND (lease_until IS NULL OR lease_until < clock_timestamp())
    AND (next_attempt_at IS NULL OR next_attempt_at <= clock_timestamp() + ${WAKE_EARLY_MS} * interval '1 millisecond')
  RETURNING epoch, element::text, label, checkpoint, idle_starts, pages, items, retries,
    ARRAY(
      SELECT mark FROM noetl.page p, unnest(p.fingerprints) WITH ORDINALITY AS f (mark, ord)
      WHERE p.execution_id = $1 AND p.step = $2 AND p.iteration_index = $3
      ORDER BY p.page, f.ord
    ) AS fingerprints`

type ClaimedRow = Omit<Claim, 'claimToken' | 'firstClaim' | 'idleStarts' | 'element'> & {
  idle_starts: number
  element: string | null
}

/**
 * Takes an iteration for `leaseMs` on the database's clock and raises its epoch, which fences every earlier claim.
 * Null when it is settled, held by a live worker, not due yet, or its execution isn't running: the ticket is spent. The
 * execution isn't locked, as its pages commit under that lock: what ends it meanwhile fences the first commit.
 */
export async function claimIteration(request: ClaimRequest): Promise<Claim | null> {
  const claimToken = randomUUID()
  const { executionId, step, index, workerId, leaseMs } = request
  const { rows } = await pool().query<ClaimedRow>({
    name: 'claim-iteration',
    text: CLAIM,
    values: [executionId, step, index, claimHashOf(claimToken), workerId, leaseMs],
  })
  const row = rows[0]
  if (row === undefined) return null
  const { idle_starts: idleStarts, element, ...rest } = row
  return { ...rest, element: fromExactJsonb(element), claimToken, firstClaim: row.epoch === 1, idleStarts }
}

/** What of a claim's token is stored. */
export const claimHashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
