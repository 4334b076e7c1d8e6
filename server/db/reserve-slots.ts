import { pool } from './pool'

/** A budget of `requests` in any `perSeconds`. */
export type Budget = { key: string; requests: number; perSeconds: number }

/**
 * Reserves `wanted` requests of a budget, and `spare` more where they are free at once, to be used within `holdMs`. Gives
 * back the milliseconds to wait for each, shortest first, on the database's clock: at least `wanted` of them.
 */
export async function reserveSlots(
  { key, requests, perSeconds }: Budget,
  { wanted, spare, holdMs }: { wanted: number; spare: number; holdMs: number },
): Promise<number[]> {
  const { rows } = await pool().query<{ wait_ms: number; slots: number }>({
    name: 'reserve-slots',
    text: 'SELECT wait_ms, slots FROM noetl.reserve_slots($1, $2, $3, $4, $5, $6)',
    values: [key, requests, perSeconds, wanted, spare, holdMs / 1000],
  })
  return rows.flatMap(({ wait_ms: waitMs, slots }) => Array.from({ length: slots }, () => waitMs))
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
