import { readFileSync } from 'node:fs'

import { parsePlaybook } from '@/domain/playbook/parse-playbook'

/** Prints `file:line:column: message` for everything wrong or doubtful in the files; the exit code is 1 when anything is wrong. */
export function validate(files: readonly string[]): number {
  let errors = 0
  for (const file of files) {
    const { diagnostics } = parsePlaybook(readFileSync(file, 'utf8'))
    for (const { severity, line, column, message, hint } of diagnostics) {
      if (severity === 'error') errors += 1
      const kind = severity === 'error' ? '' : 'warning: '
      process.stdout.write(`${file}:${line}:${column}: ${kind}${message}${hint === null ? '' : ` (${hint})`}\n`)
    }
  }
  process.stderr.write(errors === 0 ? `${files.length} valid\n` : `${errors} ${errors === 1 ? 'error' : 'errors'}\n`)
  return errors === 0 ? 0 : 1
}
