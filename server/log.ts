import { pino, type Logger } from 'pino'
import { processWide } from './db/process-wide'
import { env } from './env'

/** The process's log: JSON lines on standard output; secrets never reach it, because errors and events are redacted before. */
export const log = (): Logger => processWide('log', () => pino({ level: env.LOG_LEVEL, base: { pid: process.pid } }))
