import type { ElementStatus, ExecutionStatus, StepStatus } from '@/domain/execution/view'

export type AnyStatus = ElementStatus | ExecutionStatus | StepStatus

export type StatusLook = { word: string; tone: Tone; color: string }
export type Tone = 'running' | 'done' | 'retry' | 'failed' | 'waiting' | 'skipped' | 'cancelled' | 'paused'

const COLOR: Record<Tone, string> = {
  running: 'text-running',
  done: 'text-done',
  retry: 'text-retry',
  failed: 'text-failed',
  waiting: 'text-waiting',
  skipped: 'text-skipped',
  cancelled: 'text-cancelled',
  paused: 'text-retry',
}

/** The colour of a tone, for places that have no status. */
export const toneColor = (tone: Tone): string => COLOR[tone]

const look = (word: string, tone: Tone): StatusLook => ({ word, tone, color: COLOR[tone] })

const LOOKS: Record<AnyStatus, StatusLook> = {
  PENDING: look('not started', 'waiting'),
  RUNNING: look('running', 'running'),
  WAITING: look('waiting', 'retry'),
  COMPLETED: look('completed', 'done'),
  FAILED: look('failed', 'failed'),
  SKIPPED: look('skipped', 'skipped'),
  CANCELLED: look('cancelled', 'cancelled'),
  PAUSED: look('paused', 'paused'),
}

/** The word, shape and colour of a status: the same everywhere. */
export const lookOf = (status: AnyStatus): StatusLook => LOOKS[status]
