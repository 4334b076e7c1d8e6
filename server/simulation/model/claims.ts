import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { JsonObject } from '@/domain/json'
import { WAKE_EARLY_MS, type Claim } from '@/server/db/claim-iteration'
import type { IterationKey } from '@/server/db/page-commit'
import type { HeldClaim } from '@/server/db/renew-leases'
import { iterationRow, type Database } from './rows'

const LIVE: ReadonlySet<string> = new Set(['PENDING', 'RUNNING', 'WAITING'])
const PARKED_MS = 60_000

/** As server/db/claim-iteration.ts. */
export function claim(
  db: Database,
  { workerId, leaseMs, ...key }: IterationKey & { workerId: string; leaseMs: number },
): Claim | null {
  const row = iterationRow(db, key)
  const now = db.now()
  if (row === undefined || !LIVE.has(row.status) || db.execution.status !== 'RUNNING') return null
  if (row.leaseUntil !== null && row.leaseUntil >= now) return null
  if (row.nextAttemptAt !== null && row.nextAttemptAt > now + WAKE_EARLY_MS) return null
  const claimToken = randomUUID()
  row.epoch += 1
  row.status = 'RUNNING'
  row.claimToken = claimToken
  row.workerId = workerId
  row.leaseUntil = now + leaseMs
  row.idleStarts += 1
  row.nextAttemptAt = null
  row.startedAt ??= now
  const { epoch, element, label, checkpoint, idleStarts, pages, items, retries } = row
  return {
    epoch,
    claimToken,
    element,
    label,
    checkpoint: copyOf(checkpoint),
    fingerprints: fingerprintsOf(db, key),
    firstClaim: epoch === 1,
    idleStarts,
    pages,
    items,
    retries,
  }
}

/** Through JSON, as a column does it. */
export const copyOf = (checkpoint: Readonly<Record<string, unknown>> | null): JsonObject | null =>
  z.custom<JsonObject | null>().parse(JSON.parse(JSON.stringify(checkpoint)))

const fingerprintsOf = (db: Database, { step, index }: IterationKey): string[] =>
  db.execution.pageRows
    .filter((page) => page.step === step && page.index === index)
    .toSorted((a, b) => a.record.page - b.record.page)
    .flatMap((page) => page.record.fingerprints)

/** As server/db/renew-leases.ts. */
export function renew(
  db: Database,
  { workerId, leaseMs, held }: { workerId: string; leaseMs: number; held: readonly HeldClaim[] },
): { lost: HeldClaim[]; paused: HeldClaim[] } {
  const isPaused = db.execution.status === 'PAUSED'
  const kept = new Set(
    held.filter((one) => {
      const row = iterationRow(db, one)
      return (
        row?.workerId === workerId &&
        row.epoch === one.epoch &&
        row.status === 'RUNNING' &&
        (isPaused || db.execution.status === 'RUNNING')
      )
    }),
  )
  for (const one of kept) {
    const row = iterationRow(db, one)
    if (row !== undefined) row.leaseUntil = db.now() + leaseMs
  }
  return { lost: held.filter((one) => !kept.has(one)), paused: isPaused ? [...kept] : [] }
}

/** As server/db/release-iteration.ts. */
export function release(db: Database, held: HeldClaim): void {
  const row = iterationRow(db, held)
  if (row === undefined || row.epoch !== held.epoch || (row.status !== 'RUNNING' && row.status !== 'WAITING')) return
  row.leaseUntil = null
  row.workerId = null
  row.claimToken = null
  row.idleStarts = Math.max(0, row.idleStarts - 1)
}

/** As server/db/park-iteration.ts. */
export function park(db: Database, held: HeldClaim, checkpoint: JsonObject): boolean {
  const row = iterationRow(db, held)
  if (row === undefined || row.epoch !== held.epoch || row.status !== 'RUNNING') return false
  row.status = 'WAITING'
  row.checkpoint = checkpoint
  row.nextAttemptAt = db.now() + PARKED_MS
  row.leaseUntil = null
  row.workerId = null
  row.idleStarts = 0
  return true
}
