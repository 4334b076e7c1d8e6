import { runAnswerSchema } from '@/domain/api/executions'
import {
  scheduleListSchema,
  schedulePreviewSchema,
  scheduleRunListSchema,
  scheduleSchema,
  type ScheduleAnswer,
  type ScheduleRun,
} from '@/domain/api/schedules'
import { policyWords } from '@/domain/schedule/policy-words'
import { PlainError } from '../prepare/plain-error.mjs'
import { callApi, callJson } from '../target/call-api'
import { listAll } from '../target/list-all'
import { parseSettings } from './parse-settings'

export type AddScheduleOptions = {
  zone: string
  missed: string
  overlap: string
  set: string[]
  playbookVersion?: number
}

export type ChangeScheduleOptions = {
  cron?: string
  zone?: string
  missed?: string
  overlap?: string
  set?: string[]
  newest?: true
  playbookVersion?: number
}

/** Prints the schedules, of one playbook or of all. */
export async function listSchedules(server: string, playbook: string | undefined): Promise<void> {
  const schedules = listAll(scheduleListSchema, { server, path: '/api/schedules', params: { path: playbook } })
  let listed = 0
  for await (const schedule of schedules) {
    print(lineOf(schedule))
    listed += 1
  }
  if (listed === 0) process.stderr.write(`There is no schedule${playbook === undefined ? '' : ` of ${playbook}`}.\n`)
}

/** Makes a schedule and prints when it runs. */
export async function addSchedule(
  server: string,
  { playbook, cron }: { playbook: string; cron: string },
  { zone, missed, overlap, set, playbookVersion }: AddScheduleOptions,
): Promise<void> {
  const schedule = await callJson(scheduleSchema, {
    server,
    path: '/api/schedules',
    method: 'POST',
    body: {
      path: playbook,
      cron,
      time_zone: zone,
      missed,
      overlap,
      workload: parseSettings(set),
      ...(playbookVersion !== undefined && { version: playbookVersion }),
    },
  })
  print(lineOf(schedule))
}

/** Changes what is given of a schedule and prints it; inputs are set on top of those it has. */
export async function changeSchedule(server: string, id: string, options: ChangeScheduleOptions): Promise<void> {
  const { cron, zone, missed, overlap, set, newest, playbookVersion } = options
  if (Object.values(options).every((option) => option === undefined))
    throw new PlainError('Say what to change; npx pageturner schedules change --help lists what there is.')
  if (newest === true && playbookVersion !== undefined)
    throw new PlainError('--newest and --playbook-version exclude each other.')
  const path = `/api/schedules/${encodeURIComponent(id)}`
  const kept = set === undefined ? null : (await callJson(scheduleSchema, { server, path })).workload
  const body = {
    cron,
    time_zone: zone,
    missed,
    overlap,
    ...(set !== undefined && { workload: { ...kept, ...parseSettings(set) } }),
    version: newest === true ? null : playbookVersion,
  }
  print(lineOf(await callJson(scheduleSchema, { server, path, method: 'PATCH', body })))
}

/** Prints the next times of an expression; nothing is saved. */
export async function previewSchedule(server: string, cron: string, zone: string): Promise<void> {
  const query = new URLSearchParams({ cron, time_zone: zone })
  const { times, problem } = await callJson(schedulePreviewSchema, { server, path: `/api/schedules/preview?${query}` })
  if (problem !== null) throw new PlainError(problem.message)
  for (const at of times) print(`${inZone(at, zone)}  ${at}`)
}

/** Pauses a schedule or lets it go on. */
export async function pauseSchedule(server: string, id: string, paused: boolean): Promise<void> {
  const path = `/api/schedules/${encodeURIComponent(id)}`
  print(lineOf(await callJson(scheduleSchema, { server, path, method: 'PATCH', body: { paused } })))
}

/** Runs what a schedule runs, now. */
export async function runSchedule(server: string, id: string): Promise<void> {
  const path = `/api/schedules/${encodeURIComponent(id)}/run`
  const { execution_id: execution } = await callJson(runAnswerSchema, { server, path, method: 'POST', body: {} })
  print(`Execution ${execution} has started.`)
}

/** Prints the last due times of a schedule and what became of them. */
export async function scheduleHistory(server: string, id: string): Promise<void> {
  const path = `/api/schedules/${encodeURIComponent(id)}/runs`
  for (const run of (await callJson(scheduleRunListSchema, { server, path })).items) print(historyLine(run))
}

/** Forgets a schedule. */
export async function removeSchedule(server: string, id: string): Promise<void> {
  await callApi({ server, path: `/api/schedules/${encodeURIComponent(id)}`, method: 'DELETE' })
  print(`Schedule ${id} is deleted; its runs stay.`)
}

function lineOf(schedule: ScheduleAnswer): string {
  const { schedule_id: id, path, cron, time_zone: zone, next_run_at: next } = schedule
  const when = next === null ? 'paused' : `next ${inZone(next, zone)} (${next})`
  return [id, path, cron, zone, when, policyWords(schedule)].join('  ')
}

const historyLine = ({ due_at: due, status, reason, covers, execution_id: execution, detail }: ScheduleRun): string =>
  [
    due,
    status.toLowerCase(),
    reason,
    covers === 1 ? null : `${covers} times`,
    execution && `execution ${execution}`,
    detail,
  ]
    .filter(Boolean)
    .join('  ')

const inZone = (at: string, timeZone: string): string =>
  new Date(at).toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })

const print = (line: string): void => void process.stdout.write(`${line}\n`)
