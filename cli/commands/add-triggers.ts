import { Option, type Command } from 'commander'

import { localServer } from '../target/local-server'
import { onServer, type OnServer } from '../target/on-server'
import { parseId, parsePath, parseVersion } from './parse-argument'
import type { AddScheduleOptions, ChangeScheduleOptions } from './schedules'

/** The commands about what starts runs by itself. */
export function addTriggers(program: Command): void {
  addSchedules(program.command('schedules').description('run playbooks by the clock of a time zone'))
  addWebhooks(program.command('webhooks').description('let a call from outside start a playbook'))
}

function addSchedules(schedules: Command): void {
  onServer(schedules.command('list'))
    .description('list schedules')
    .argument('[path]', 'only those of this playbook', parsePath)
    .action(async (path: string | undefined, { server }: OnServer) =>
      (await import('./schedules')).listSchedules(server ?? localServer(), path),
    )
  onServer(schedules.command('add'))
    .description('run a registered playbook on a schedule')
    .argument('<path>', '', parsePath)
    .argument('<cron>', 'five fields in quotes, or @hourly, @daily, @weekly, @monthly, @yearly')
    .option('--zone <name>', 'time zone, such as Europe/Berlin', 'UTC')
    .addOption(missedOption().default('skip'))
    .addOption(overlapOption().default('skip'))
    .option('--set <key=value...>', 'override a key of the workload; the value is JSON or text', [])
    .option('--playbook-version <number>', 'always this version (default: the newest at each run)', parseVersion)
    .action(async (playbook: string, cron: string, { server, ...options }: OnServer & AddScheduleOptions) =>
      (await import('./schedules')).addSchedule(server ?? localServer(), { playbook, cron }, options),
    )
  onServer(schedules.command('change'))
    .description('change a schedule; what is not named stays as it is')
    .argument('<id>', '', parseId)
    .option('--cron <expression>', 'five fields in quotes, or @hourly, @daily, @weekly, @monthly, @yearly')
    .option('--zone <name>', 'time zone, such as Europe/Berlin')
    .addOption(missedOption())
    .addOption(overlapOption())
    .option('--set <key=value...>', 'set a key of the workload on top of those that are set; the value is JSON or text')
    .option('--playbook-version <number>', 'always this version', parseVersion)
    .option('--newest', 'the newest version at each run')
    .action(async (id: string, { server, ...options }: OnServer & ChangeScheduleOptions) =>
      (await import('./schedules')).changeSchedule(server ?? localServer(), id, options),
    )
  onServer(schedules.command('preview'))
    .description('print the next times of an expression')
    .argument('<cron>')
    .option('--zone <name>', 'time zone, such as Europe/Berlin', 'UTC')
    .action(async (cron: string, { server, zone }: OnServer & { zone: string }) =>
      (await import('./schedules')).previewSchedule(server ?? localServer(), cron, zone),
    )
  for (const [verb, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    onServer(schedules.command(verb))
      .description(paused ? 'let a schedule start nothing more' : 'let a paused schedule go on')
      .argument('<id>', '', parseId)
      .action(async (id: string, { server }: OnServer) =>
        (await import('./schedules')).pauseSchedule(server ?? localServer(), id, paused),
      )
  }
  onServer(schedules.command('run'))
    .description('run what a schedule runs, now')
    .argument('<id>', '', parseId)
    .action(async (id: string, { server }: OnServer) =>
      (await import('./schedules')).runSchedule(server ?? localServer(), id),
    )
  onServer(schedules.command('history'))
    .description('print the last due times of a schedule and what became of them')
    .argument('<id>', '', parseId)
    .action(async (id: string, { server }: OnServer) =>
      (await import('./schedules')).scheduleHistory(server ?? localServer(), id),
    )
  onServer(schedules.command('remove'))
    .description('forget a schedule')
    .argument('<id>', '', parseId)
    .action(async (id: string, { server }: OnServer) =>
      (await import('./schedules')).removeSchedule(server ?? localServer(), id),
    )
}

const missedOption = (): Option =>
  new Option('--missed <policy>', 'times missed while nothing ran').choices(['skip', 'run_once', 'run_all'])

const overlapOption = (): Option =>
  new Option('--overlap <policy>', 'a time that meets the run before').choices(['skip', 'allow'])

function addWebhooks(webhooks: Command): void {
  onServer(webhooks.command('list'))
    .description('list webhooks; their tokens are never shown again')
    .argument('[path]', 'only those of this playbook', parsePath)
    .action(async (path: string | undefined, { server }: OnServer) =>
      (await import('./webhooks')).listWebhooks(server ?? localServer(), path),
    )
  onServer(webhooks.command('add'))
    .description('make an address that starts a registered playbook')
    .argument('<path>', '', parsePath)
    .requiredOption('--name <name>', 'who will call it')
    .option('--input <key...>', 'keys of the workload that a call may set', [])
    .action(async (path: string, { server, ...options }: OnServer & { name: string; input: string[] }) =>
      (await import('./webhooks')).addWebhook(server ?? localServer(), path, options),
    )
  onServer(webhooks.command('rotate'))
    .description('give a webhook another token')
    .argument('<id>', '', parseId)
    .action(async (id: string, { server }: OnServer) =>
      (await import('./webhooks')).rotateWebhook(server ?? localServer(), id),
    )
  onServer(webhooks.command('remove'))
    .description('revoke a webhook')
    .argument('<id>', '', parseId)
    .action(async (id: string, { server }: OnServer) =>
      (await import('./webhooks')).removeWebhook(server ?? localServer(), id),
    )
}
