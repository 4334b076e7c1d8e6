import { DomainError } from '@/domain/domain-error'

/** SQLSTATE classes that say something of the moment, not of the statement: connection, resources, operator, conflict, system. */
const PASSING_CLASSES: ReadonlySet<string> = new Set(['08', '40', '53', '55', '57', '58'])
/** Read-only for now (a failover, an administrator), and a transaction that was ended for its silence. */
const PASSING_STATES: ReadonlySet<string> = new Set(['25006', '25P03'])

/**
 * True for an error that another try may not meet (the database is away, a deadlock): the sweeper brings the work back.
 * Anything else would come again for ever, so it ends the step or the execution with its message.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof DomainError) return error.code === 'unavailable'
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/^E[A-Z]+$/.test(code)) return true
  if (/^[0-9A-Z]{5}$/.test(code)) return PASSING_STATES.has(code) || PASSING_CLASSES.has(code.slice(0, 2))
  return /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|pool after calling end|connection ended|query read timeout/i.test(
    error.message,
  )
}
