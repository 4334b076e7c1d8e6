import { z } from 'zod'
import { CLOSING_INDEX } from '@/domain/execution/closing-iteration'

const executionId = z.string().regex(/^\d+$/)

const payloads = {
  orchestrate: z.object({ executionId, seq: z.number().int() }),
  element: z.object({
    executionId,
    step: z.string(),
    index: z.number().int().min(CLOSING_INDEX),
    epoch: z.number().int().min(0),
  }),
  schedule: z.object({ scheduleId: z.string().regex(/^\d+$/) }),
}

export type JobName = keyof typeof payloads
export type JobPayload<Name extends JobName> = z.infer<(typeof payloads)[Name]>

type JobKinds = {
  [Name in JobName]: { payload: z.ZodType<JobPayload<Name>>; jobId: (payload: JobPayload<Name>) => string }
}

/** Every queue: what its jobs carry (ids only) and the deterministic id that makes enqueueing twice harmless. */
export const JOBS: JobKinds = {
  /** One execution's next decisions. `seq` is the last event seen, so that a later change is never swallowed by a ticket already at work. */
  orchestrate: { payload: payloads.orchestrate, jobId: (job) => `o_${job.executionId}_${job.seq}` },
  /** Runs one iteration. `epoch` is the iteration's when the ticket was written: a claim raises it, so the next ticket has a new id. */
  element: {
    payload: payloads.element,
    jobId: (job) => `x_${job.executionId}_${safe(job.step)}_${job.index}_${job.epoch}`,
  },
  /** A look at one schedule; made by BullMQ's job scheduler of the same id (server/queue/alarms.ts). */
  schedule: { payload: payloads.schedule, jobId: (job) => `s_${job.scheduleId}` },
}

/** The id of a ticket. */
export const jobIdOf = <Name extends JobName>(name: Name, payload: JobPayload<Name>): string =>
  JOBS[name].jobId(payload)

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
