import path from 'node:path'

import { Command, Option } from 'commander'

import { env, setVariables } from '@/server/env'
import type { Builds } from './builds'
import { addTriggers } from './commands/add-triggers'
import type { DetectOptions } from './commands/detect'
import { parseId, parsePath, parseVersion } from './commands/parse-argument'
import type { RetentionOptions } from './commands/retention'
import type { RetryOptions } from './commands/retry'
import type { RunOptions } from './commands/run'
import { ROOT } from './prepare/root.mjs'
import { isProcessName, runProcess } from './processes/run-process'
import { localServer } from './target/local-server'
import { onServer, type OnServer } from './target/on-server'
import { EXPORT_FORMATS, type ExportFormat } from './target/run-target'

/** The command line: `argv` as Node gives it. A command is loaded when it is used. */
export async function main(argv: readonly string[], builds: Builds): Promise<void> {
  setVariables({ PAGETURNER_DATA_DIR: path.resolve(ROOT, env.PAGETURNER_DATA_DIR) })
  endWithReader(process.stdout)
  endWithReader(process.stderr)
  const program = new Command('pageturner').description(
    'Pull every page of many HTTP APIs, and be sure that nothing was missed.',
  )
  addProcesses(program, builds)
  addRun(program, builds)
  addPlaybooks(program)
  addExecutions(program)
  addTriggers(program)
  addRetention(program)
  program
    .command('doctor')
    .description('check node, database, queue, worker, disk, ports and secrets, and say what to do')
    .action(async () => exitWith(await (await import('./commands/doctor')).doctor()))
  await program.parseAsync(argv)
}

function addProcesses(program: Command, builds: Builds): void {
  program
    .command('start')
    .description('everything on this machine: database, web server, worker, sample API (npm start)')
    .action(async () => (await import('./start/start')).start(builds))
  for (const [name, description] of [
    ['web', 'the web server alone; needs DATABASE_URL'],
    ['worker', 'one worker alone, on any machine; needs DATABASE_URL'],
    ['sample-api', 'the sample API alone'],
  ] as const) {
    program
      .command(name)
      .description(description)
      .action(async () => {
        if (isProcessName(name)) await runProcess(name)
        exitWith(0)
      })
  }
  program
    .command('migrate')
    .description('bring the database of DATABASE_URL up to date')
    .action(async () => {
      await (await import('./start/migrate-everything')).migrateEverything()
      exitWith(0)
    })
}

function addRun(program: Command, builds: Builds): void {
  onServer(program.command('run'), 'the server to run on')
    .description('run a playbook and show it live; exit code 0 only when it completed and every expectation held')
    .argument('<file|path>', 'a YAML file, or the path of a registered playbook')
    .option('--set <key=value...>', 'override a key of the workload; the value is JSON or text', [])
    .option('--json', 'print a summary as JSON')
    .option('--out <file>', 'save the items; the name ends in .csv, .json, .ndjson or .parquet')
    .option('--embedded', 'need nothing running: bring database and worker along')
    .action(async (what: string, options: RunOptions) =>
      exitWith(await (await import('./commands/run')).run(what, options, builds)),
    )
}

function addPlaybooks(program: Command): void {
  onServer(
    program.command('validate'),
    'the server whose secrets and variables count (default: the local one, if it runs)',
  )
    .description('check playbooks; prints file:line:column: message')
    .argument('<files...>')
    .action(async (files: string[], { server }: OnServer) =>
      exitWith(await (await import('./commands/validate')).validate(files, server)),
    )
  onServer(program.command('detect'))
    .description('find out how the API of a step pages: two requests, and the paginate block that they prove')
    .argument('<file>')
    .argument('<step>')
    .option('--element <index>', 'the element of the loop, from 0', '0')
    .option('--write', 'put the block into the file')
    .action(async (file: string, step: string, { server, ...options }: OnServer & DetectOptions) =>
      exitWith(await (await import('./commands/detect')).detect(server ?? localServer(), file, step, options)),
    )
  onServer(program.command('push'))
    .description('register playbooks')
    .argument('<files...>')
    .action(async (files: string[], { server }: OnServer) =>
      (await import('./commands/playbooks')).push(server ?? localServer(), files),
    )
  onServer(program.command('pull'))
    .description('fetch the text of a registered playbook')
    .argument('<path>', '', parsePath)
    .option('--playbook-version <number>', 'not the newest but this version', parseVersion)
    .option('--out <file>', 'where to save it (default: print it)')
    .action(async (path: string, { server, ...options }: OnServer & { playbookVersion?: number; out?: string }) =>
      (await import('./commands/playbooks')).pull(server ?? localServer(), path, options),
    )
  onServer(program.command('list'))
    .description('list the registered playbooks')
    .action(async ({ server }: OnServer) => (await import('./commands/playbooks')).list(server ?? localServer()))
}

function addRetention(program: Command): void {
  onServer(program.command('retention'))
    .description('show or set how long the runs of a playbook are kept; shows first what a limit would remove')
    .argument('<path>', '', parsePath)
    .option('--days <number>', 'keep runs for so many days after their end')
    .option('--runs <number>', 'keep this many, the newest')
    .option('--all', 'keep everything')
    .option('--yes', 'save it; without it nothing is changed')
    .action(async (path: string, { server, ...options }: OnServer & RetentionOptions) =>
      (await import('./commands/retention')).retention(server ?? localServer(), path, options),
    )
}

function addExecutions(program: Command): void {
  onServer(program.command('events'))
    .description('print the events of an execution, one JSON object a line')
    .argument('<id>', '', parseId)
    .option('--follow', 'go on until the execution has ended')
    .action(async (id: string, { server, ...options }: OnServer & { follow?: boolean }) =>
      (await import('./commands/events')).events(server ?? localServer(), id, options),
    )
  onServer(program.command('results'))
    .description('save or print the items of an execution')
    .argument('<id>', '', parseId)
    .addOption(
      new Option('--format <format>', 'default: what the name of --out says, else ndjson').choices(EXPORT_FORMATS),
    )
    .option('--out <file>', 'where to save them (default: print them)')
    .action(async (id: string, { server, ...options }: OnServer & { format?: ExportFormat; out?: string }) =>
      (await import('./commands/results')).results(server ?? localServer(), id, options),
    )
  for (const [verb, description] of [
    ['cancel', 'end an execution and what runs for it; what it saved stays'],
    ['pause', 'let no new page start; pages in flight are saved'],
    ['resume', 'go on with a paused execution'],
  ] as const) {
    onServer(program.command(verb))
      .description(description)
      .argument('<id>', '', parseId)
      .action(async (id: string, { server }: OnServer) =>
        (await import('./commands/control')).control(server ?? localServer(), id, verb),
      )
  }
  onServer(program.command('retry'))
    .description('go on with what failed in an execution, from the failed pages on')
    .argument('<id>', '', parseId)
    .option('--element <index>', 'only this element')
    .option('--page <number>', 'of that element only this page: a saved one is fetched again in its place')
    .option('--step <name>', 'the step of the element, where several have one of that index')
    .option('--all', 'the whole run, as an execution of its own')
    .option(
      '--newest',
      'with the newest version instead of the one that ran: an execution of its own; shows what changed',
    )
    .option('--set <key=value...>', 'with --all: change a key of the workload; the value is JSON or text')
    .option('--now', 'let what waits between two tries go on at once')
    .option('--preview', 'only say what it would send')
    .action(async (id: string, { server, ...options }: OnServer & RetryOptions) =>
      (await import('./commands/retry')).retry(server ?? localServer(), id, options),
    )
}

/** As a program does that a pipe's closed end kills: `events 5 | head -1` has all that was asked for. */
function endWithReader(output: NodeJS.WriteStream): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(CLOSED_PIPE)
    throw error
  })
}

/** 128 and the number of SIGPIPE, as shells count it. */
const CLOSED_PIPE = 141

/** Ends at once: pools and agents that a command opened must not keep it alive. */
function exitWith(code: number): never {
  process.exit(code)
}
