import { Command } from 'commander'

import type { Builds } from './builds'
import { PlainError } from './prepare/plain-error.mjs'
import { isProcessName, runProcess } from './processes/run-process'

/** The command line: `argv` as Node gives it. Commands are loaded when they are used. */
export async function main(argv: readonly string[], builds: Builds): Promise<void> {
  await buildProgram(builds).parseAsync(argv)
}

function buildProgram(builds: Builds): Command {
  const program = new Command('pageturner')
  program.description('Pull every page of many HTTP APIs, and be sure that nothing was missed.')
  program
    .command('start')
    .description('database, web server, worker and sample API, until Ctrl-C')
    .action(async () => (await import('./start/start')).start(builds))
  return program
}
