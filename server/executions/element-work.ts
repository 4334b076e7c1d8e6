import type { Step } from '@/domain/playbook/playbook'
import type { Scope } from '@/domain/playbook/template/evaluate-template'
import type { Claim } from '../db/claim-iteration'
import type { IterationKey } from '../db/page-commit'
import type { PageWriter } from '../db/page-writer'
import type { Redactor } from '../secrets/redact'
import type { LeaseKeeper } from './lease-keeper'
import type { Run } from './load-run'
import type { Surroundings } from './surroundings'

/** What a worker process brings to each iteration. */
export type ElementWorker = {
  workerId: string
  writer: PageWriter
  leases: LeaseKeeper
  around: Surroundings
  /** True while the worker could take more than it has. */
  hasFreeSlot: () => boolean
  /** Claims at work here that may be what killed a worker before. */
  suspects: Set<Claim>
  /** No new request once this aborts; pages in flight may still come in. */
  draining: AbortSignal
  /** Requests in flight are given up once this aborts, so that the process ends in time. */
  stopping: AbortSignal
}

/** One claimed iteration with everything its action needs. */
export type ElementWork<S extends Step = Step> = {
  key: IterationKey
  run: Run
  step: S
  claim: Claim
  /** This process's clock at the claim. */
  claimedAt: number
  scope: Scope
  secrets: ReadonlyMap<string, string>
  redactor: Redactor
  writer: PageWriter
  around: Surroundings
  /** Who takes the next element of the loop when this one ends; after `until`, where no slot is free, the queue says who is next. */
  handOver: { workerId: string; until: number; hasFreeSlot: () => boolean }
  /** Aborts when the claim is lost. */
  lost: AbortSignal
  draining: AbortSignal
  stopping: AbortSignal
}
