import { DomainError } from '@/domain/domain-error'
import { env } from './env'

/** Every place where a test may have a worker die or freeze, in the order of a page's way. */
export const FAULT_LABELS = [
  'sweeping',
  'before-move',
  'moved',
  'tickets-sent',
  'claimed',
  'asking',
  'answered',
  'before-commit',
  'committed',
  'before-park',
  'parked',
  'alarm-set',
  'released',
  'before-settle',
  'settled',
  'handed-over',
  'sink-written',
  'sink-settled',
  'child-started',
] as const
export type FaultLabel = (typeof FAULT_LABELS)[number]

type Fault = { signal: 'SIGKILL' | 'SIGSTOP'; label: FaultLabel; afterMs: number; passings: number }

let armed: Fault | null | undefined

/**
 * Where a test may end this process: `FAULT=kill@committed` at the first passing, `kill@committed#3` at the third,
 * `kill@asking+50` 50 ms after it; `stop@…` freezes it instead. Nothing happens when FAULT is unset.
 */
export function faultPoint(label: FaultLabel): void {
  armed = armed === undefined ? readFault() : armed
  if (armed === null || armed.label !== label) return
  armed.passings -= 1
  if (armed.passings !== 0) return
  const { signal, afterMs } = armed
  if (afterMs === 0) process.kill(process.pid, signal)
  else setTimeout(() => process.kill(process.pid, signal), afterMs)
}

function readFault(): Fault | null {
  if (env.FAULT === undefined) return null
  const [, verb, label, passing, afterMs] = /^(kill|stop)@([a-z-]+)(?:#(\d+))?(?:\+(\d+))?$/.exec(env.FAULT) ?? []
  const known = FAULT_LABELS.find((candidate) => candidate === label)
  if (known === undefined) {
    throw new DomainError('invalid_request', `FAULT=${env.FAULT} names no place where a fault can be had.`, {
      hint: `Use kill@LABEL or stop@LABEL, with one of ${FAULT_LABELS.join(', ')}.`,
    })
  }
  const signal = verb === 'kill' ? 'SIGKILL' : 'SIGSTOP'
  return { signal, label: known, afterMs: Number(afterMs ?? 0), passings: Number(passing ?? 1) }
}
