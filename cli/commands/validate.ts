import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import { PlainError } from '../prepare/plain-error.mjs'
import { readNamedFile } from './files'

/** Prints `file:line:column: message` for everything wrong or doubtful in the files; the exit code is 1 when anything is wrong. */
export function validate(files: readonly string[]): number {
  let errors = 0
  for (const file of files) {
    const content = readOrTell(file)
    if (content === null) errors += 1
    const { diagnostics } = content === null ? { diagnostics: [] } : parsePlaybook(content)
    for (const { severity, line, column, message, hint } of diagnostics) {
      if (severity === 'error') errors += 1
      const kind = severity === 'error' ? '' : 'warning: '
      process.stdout.write(`${file}:${line}:${column}: ${kind}${message}${hint === null ? '' : ` (${hint})`}\n`)
    }
  }
  process.stderr.write(errors === 0 ? `${files.length} valid\n` : `${errors} ${errors === 1 ? 'error' : 'errors'}\n`)
  return errors === 0 ? 0 : 1
}

/** Null, and said, for a file that can't be read: the others are still looked at. */
function readOrTell(file: string): string | null {
  try {
    return readNamedFile(file)
  } catch (error) {
    if (!(error instanceof PlainError)) throw error
    process.stderr.write(`${error.message}\n`)
    return null
  }
}
