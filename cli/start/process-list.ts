import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

import { isAlive, startOf } from '@/server/db/embedded/processes'

const GRACE_MS = 12_000

const listSchema = z.record(z.string(), z.object({ pid: z.number().int(), start: z.string() }))
export type ProcessEntries = z.infer<typeof listSchema>

export type ProcessList = { set(name: string, pid: number | undefined): void }

/** Keeps the numbers of the running processes in a file: for `doctor`, and for the start after a supervisor that was killed. */
export function openProcessList(file: string): ProcessList {
  const entries: ProcessEntries = {}
  // Changes are written in order: a process may be gone before its start time is read.
  let last = Promise.resolve()
  const change = (name: string, pid: number | undefined): void => {
    last = last.then(async () => {
      if (pid === undefined) delete entries[name]
      else entries[name] = { pid, start: await startOf(pid) }
      writeFileSync(file, JSON.stringify(entries))
    })
  }
  return { set: change }
}

/** The processes on the list that still live. */
async function readProcessList(file: string): Promise<ProcessEntries> {
  const entries = listSchema.safeParse(readJson(file))
  const living: ProcessEntries = {}
  for (const [name, entry] of Object.entries(entries.success ? entries.data : {})) {
    if (isAlive(entry.pid) && (await startOf(entry.pid)) === entry.start) living[name] = entry
  }
  return living
}

/** Waits until what a killed supervisor left behind has drained, and kills what does not. True when there was anything. */
export async function waitForLeftovers(file: string): Promise<boolean> {
  const deadline = Date.now() + GRACE_MS
  let living = await readProcessList(file)
  const hadAny = Object.keys(living).length > 0
  while (Object.keys(living).length > 0) {
    if (Date.now() > deadline) for (const { pid } of Object.values(living)) process.kill(pid, 'SIGKILL')
    await sleep(50)
    living = await readProcessList(file)
  }
  return hadAny
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
