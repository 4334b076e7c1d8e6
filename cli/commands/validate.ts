import { validateAnswerSchema } from '@/domain/api/playbooks'
import type { Diagnostic } from '@/domain/playbook/diagnostic'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import { PlainError } from '../prepare/plain-error.mjs'
import { callJson } from '../target/call-api'
import { localServer } from '../target/local-server'
import { readNamedFile } from './files'

/** For an answer of the server nobody asked for: a check needs none. */
const PATIENCE_MS = 2_000

/**
 * Prints `file:line:column: message` for everything wrong or doubtful in the files; the exit code is 1 when anything is
 * wrong. What only a server knows, which secrets and variables there are, is told where one answers; one that is named has to.
 */
export async function validate(files: readonly string[], server: string | undefined): Promise<number> {
  const outside = await knownOutside(server)
  let errors = 0
  for (const file of files) {
    const content = readOrTell(file)
    if (content === null) errors += 1
    const diagnostics: readonly Diagnostic[] = content === null ? [] : parsePlaybook(content, outside).diagnostics
    for (const { severity, line, column, message, hint } of diagnostics) {
      if (severity === 'error') errors += 1
      const kind = severity === 'error' ? '' : 'warning: '
      process.stdout.write(`${file}:${line}:${column}: ${kind}${message}${hint === null ? '' : ` (${hint})`}\n`)
    }
  }
  process.stderr.write(errors === 0 ? `${files.length} valid\n` : `${errors} ${errors === 1 ? 'error' : 'errors'}\n`)
  return errors === 0 ? 0 : 1
}

async function knownOutside(named: string | undefined) {
  const call = { path: '/api/playbooks/validate', method: 'POST', body: { content: '' } } as const
  if (named !== undefined) return (await callJson(validateAnswerSchema, { ...call, server: named })).outside
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    return (await callJson(validateAnswerSchema, { ...call, server: localServer(), signal })).outside
  } catch {
    // Whatever is wrong there: the text can be checked without it.
    return undefined
  }
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
