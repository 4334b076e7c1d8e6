import { pino, type Logger } from 'pino'
import { processWide } from './db/process-wide'
import { env } from './env'
import { createPatientOutput } from './patient-output'

const STDOUT = 1
const WARN = 40

/**
 * The process's log: JSON lines on standard output; secrets never reach it, because errors and events are redacted before.
 * A log that can't be written ends no process.
 */
export const log = (): Logger =>
  processWide('log', () =>
    pino({ level: env.LOG_LEVEL, base: { pid: process.pid } }, createPatientOutput(STDOUT, tellLoss)),
  )

const tellLoss = (lines: number, because: string): string => {
  const msg = `${lines} ${lines === 1 ? 'line' : 'lines'} of this log could not be written and ${lines === 1 ? 'is' : 'are'} lost: ${because}`
  return `${JSON.stringify({ level: WARN, time: Date.now(), pid: process.pid, msg })}\n`
}
