import { DomainError } from '@/domain/domain-error'
import { pool } from '../db/pool'

export const MOST_SKEW_MS = 2_000

/** Refuses a clock far from the database's: BullMQ's locks use the worker's, and one that is ahead takes live jobs from others. */
export async function checkClock(): Promise<void> {
  const sentAt = Date.now()
  const { rows } = await pool().query<{ now: Date }>('SELECT clock_timestamp() AS now')
  const receivedAt = Date.now()
  const skewMs = (rows[0]?.now.getTime() ?? receivedAt) - (sentAt + receivedAt) / 2
  if (Math.abs(skewMs) <= MOST_SKEW_MS + (receivedAt - sentAt) / 2) return
  throw new DomainError(
    'unavailable',
    `This machine's clock is ${Math.round(skewMs / 1000)} s off the database's; at most ${MOST_SKEW_MS / 1000} s are allowed.`,
    {
      hint: 'Synchronise the clocks (NTP) and start again.',
    },
  )
}
