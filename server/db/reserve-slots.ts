import { pool } from './pool'

/** A budget of `requests` in any `perSeconds`. */
export type Budget = { key: string; requests: number; perSeconds: number }

/** Milliseconds to wait for each slot, shortest first, and of a pause that the API asked for: 0 without one. */
export type ReservedSlots = { waits: number[]; pauseMs: number }

/**
 * Reserves `wanted` requests of a budget, and `spare` more where they are free at once, to be used within `holdMs`; all by
 * the database's clock. None where the budget is blocked for longer than `mostPauseMs`, else at least `wanted` of them.
 */
export async function reserveSlots(
  { key, requests, perSeconds }: Budget,
  { wanted, spare, holdMs, mostPauseMs }: { wanted: number; spare: number; holdMs: number; mostPauseMs: number },
): Promise<ReservedSlots> {
  const { rows } = await pool().query<{ wait_ms: number; slots: number; pause_ms: number }>({
    name: 'reserve-slots',
    text: 'SELECT wait_ms, slots, pause_ms FROM noetl.reserve_slots($1, $2, $3, $4, $5, $6, $7)',
    values: [key, requests, perSeconds, wanted, spare, holdMs / 1000, mostPauseMs / 1000],
  })
  const waits = rows.flatMap(({ wait_ms: waitMs, slots }) => Array.from({ length: slots }, () => waitMs))
  return { waits, pauseMs: rows[0]?.pause_ms ?? 0 }
}

/** Lets no request of this budget pass for so long, whatever is left of it. */
export async function blockBudget({ key, perSeconds }: Budget, forMs: number): Promise<void> {
  await pool().query({
    name: 'block-budget',
    text: `INSERT INTO noetl.rate_budget AS r (key, block_at, block_slots, longest, cell, blocked_until)
           VALUES ($1, '{}', '{}', $2, $2::float8 / 20, extract(epoch FROM clock_timestamp()) + $3::float8 / 1000)
           ON CONFLICT (key) DO UPDATE SET blocked_until = greatest(r.blocked_until, excluded.blocked_until)`,
    values: [key, perSeconds, forMs],
  })
}

/** Milliseconds for which a budget is still blocked; 0 where it is not. */
export async function readPause({ key }: Budget): Promise<number> {
  const { rows } = await pool().query<{ pause_ms: number }>({
    name: 'read-pause',
    text: `SELECT (blocked_until - extract(epoch FROM clock_timestamp())::float8) * 1000 AS pause_ms
           FROM noetl.rate_budget WHERE key = $1 AND blocked_until IS NOT NULL`,
    values: [key],
  })
  return Math.max(0, rows[0]?.pause_ms ?? 0)
}

/** When a budget that has nothing left lets the next request pass; null while it has some left. Nothing is reserved. */
export async function readFreeAt({ key, requests, perSeconds }: Budget): Promise<Date | null> {
  const { rows } = await pool().query<{ free_at: Date | null }>({
    name: 'read-free-at',
    text: `SELECT to_timestamp(greatest(
             CASE WHEN b.blocked_until > b.present THEN b.blocked_until END,
             CASE WHEN u.used >= $2 THEN u.oldest + $3::float8 END)) AS free_at
           FROM (SELECT *, extract(epoch FROM clock_timestamp())::float8 AS present FROM noetl.rate_budget WHERE key = $1) b
           CROSS JOIN LATERAL (
             SELECT coalesce(sum(n.slots), 0) AS used, min(n.at) AS oldest
             FROM unnest(b.block_at, b.block_slots) AS n (at, slots) WHERE n.at > b.present - $3::float8
           ) u`,
    values: [key, requests, perSeconds],
  })
  return rows[0]?.free_at ?? null
}
