import { z } from 'zod'

const executionId = z.string().regex(/^\d+$/)

/** Every queue: what its jobs carry (ids only) and the deterministic id that makes enqueueing twice harmless. */
export const JOBS = {
  /** One execution's next decisions. `seq` is the last event seen, so that a later change is never swallowed by a ticket already at work. */
  orchestrate: {
    payload: z.object({ executionId, seq: z.number().int() }),
    jobId: (job: { executionId: string; seq: number }) => `o_${job.executionId}_${job.seq}`,
  },
  /** Prepares a step that was started: analyses its collection, writes its iterations. */
  step: {
    payload: z.object({ executionId, step: z.string() }),
    jobId: (job: { executionId: string; step: string }) => `s_${job.executionId}_${safe(job.step)}`,
  },
  /** Runs one iteration. `epoch` is the iteration's epoch when the ticket was written: a claim raises it, so a new ticket has a new id. */
  element: {
    payload: z.object({ executionId, step: z.string(), index: z.number().int().min(0), epoch: z.number().int().min(0) }),
    jobId: (job: { executionId: string; step: string; index: number; epoch: number }) =>
      `x_${job.executionId}_${safe(job.step)}_${job.index}_${job.epoch}`,
  },
} as const

export type JobName = keyof typeof JOBS
export type JobPayload<Name extends JobName> = z.infer<(typeof JOBS)[Name]['payload']>

/** Nothing is kept of a finished job: PostgreSQL holds the truth, and the id must be free for the next ticket. */
export const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const

/** As measured: a killed worker's job is back after 8 s; our own lease and epoch decide who may write. */
export const WORKER_OPTIONS = {
  lockDuration: 10_000,
  lockRenewTime: 3_000,
  stalledInterval: 3_000,
  maxStalledCount: 1_000,
} as const

/** BullMQ refuses a colon in an id; percent-encoding keeps different step names different. */
const safe = (step: string): string => encodeURIComponent(step)
