import { randomUUID } from 'node:crypto'
import type { Claim } from '@/server/db/claim-iteration'
import type { HandedOver, HandingOver } from '@/server/db/hand-over'
import type { IterationKey, PageCommit } from '@/server/db/page-commit'
import type { HeldClaim } from '@/server/db/renew-leases'
import { aCommit, STEP } from '@/server/db/testing/seed-execution'
import type { CommitOf, EndOf, Operation } from './operations'

/** A store that is put to the test: the model, or PostgreSQL. */
export type Subject = {
  act: (operation: Operation) => Promise<unknown>
  /** Everything that is stored, but for times and random words. */
  dump: () => Promise<unknown>
  claims: Given[]
}

/** A claim as its worker knows it. */
export type Given = IterationKey & { epoch: number; claimToken: string; worker: string }

export const LEASE_MS = 10_000

/** What both stores are asked, in their own words; `now` is the clock of the subject. */
export type Asking = { claims: Given[]; now: () => number }

export function commitsOf(asking: Asking, commits: readonly CommitOf[]): PageCommit[] {
  return commits.map(({ claim, page, attempt, waitMs }) => {
    const { executionId, index, epoch } = givenOf(asking, claim)
    const number = page ?? attempt?.page ?? 1
    const commit = aCommit({ executionId, index, epoch }, { page: number, fingerprints: [`t:${number}`] })
    return {
      ...commit,
      page: page === null ? null : commit.page,
      attempt: attempt && {
        page: attempt.page,
        attempt: 1,
        request: {},
        status: 500,
        responseHeaders: null,
        bodyText: null,
        error: { kind: 'http_error', message: 'it failed' },
        delayMs: attempt.delayMs,
        startedAt: new Date(0),
        durationMs: 1,
      },
      ...(waitMs !== null && { status: 'WAITING' as const, nextAttemptAt: new Date(asking.now() + waitMs) }),
    }
  })
}

export function endsOf(asking: Asking, ends: readonly EndOf[]): HandingOver[] {
  return ends.map(({ claim, status, next }) => {
    const { executionId, index, claimToken } = givenOf(asking, claim)
    return {
      executionId,
      step: STEP,
      index,
      claimToken,
      status,
      stopReason: status === 'COMPLETED' ? 'no_more' : null,
      warnings: [],
      error: status === 'FAILED' ? { kind: 'http_error', message: 'it failed' } : null,
      events: [],
      next: next && {
        workerId: next.worker,
        leaseMs: LEASE_MS,
        goesOn: next.goesOn,
        claimToken: randomUUID(),
      },
    }
  })
}

export function givenOf({ claims }: Asking, place: number): Given {
  const given = claims[place]
  if (given === undefined) throw new Error(`There is no claim ${place}.`)
  return given
}

/** Remembers a claim, and tells of it what is the same in both stores. */
export function took(asking: Asking, claim: Claim | null, at: IterationKey & { worker: string }): unknown {
  if (claim === null) return null
  const { claimToken, ...told } = claim
  asking.claims.push({ ...at, epoch: claim.epoch, claimToken })
  return told
}

/** Remembers the claims that were handed over with ends. */
export const tookNext = (asking: Asking, ends: readonly HandingOver[], given: readonly HandedOver[]): unknown[] =>
  given.map(({ settled, next }, place) => {
    const end = ends[place]
    if (next === null || end === undefined) return { settled, next: null }
    const worker = end.next?.workerId ?? ''
    const told = took(asking, next.claim, { executionId: end.executionId, step: STEP, index: next.index, worker })
    return { settled, next: { index: next.index, claim: told } }
  })

/** Claims by their place, as a renewal speaks of them. */
export const placesOf = (held: readonly HeldClaim[]): string[] =>
  held.map(({ index, epoch }) => `${index}/${epoch}`).toSorted()

/** Events without what depends on the clock or on who started the run. */
export function withoutTimes(context: Record<string, unknown>): Record<string, unknown> {
  const { duration_ms: _durationMs, trigger: _trigger, version: _version, path: _path, ...rest } = context
  return rest
}
