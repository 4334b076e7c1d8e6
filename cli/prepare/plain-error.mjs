/** A failure that is a sentence for a person: what is wrong, and what to do about it. Printed without a stack. */
export class PlainError extends Error {
  /**
   * @param {string} message
   * @param {string} [remedy]
   */
  constructor(message, remedy) {
    super(remedy === undefined ? message : `${message}\n${remedy}`)
    this.name = 'PlainError'
  }
}

const DENIED = new Set(['EACCES', 'EPERM', 'EROFS'])

/**
 * What to print for any error: a sentence where the cause is known, the whole stack where it is a bug of ours.
 * @param {unknown} error
 * @returns {string}
 */
export function describeError(error) {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'PlainError') return error.message
  if (error.name === 'DomainError') return [error.message, error.hint].filter(Boolean).join('\n')
  if (DENIED.has(error.code) && error.path) {
    return (
      `Pageturner may not write to ${error.path} (${error.code}).\n` +
      'Give this user the right to write there (chown or chmod), or set PAGETURNER_DATA_DIR to a folder that is writable.'
    )
  }
  if (error.code === 'ENOSPC') return 'The disk is full. Free some space, then run the same command again.'
  return error.stack ?? error.message
}
