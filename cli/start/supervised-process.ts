import { fork, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { ProcessName } from '../processes/run-process'

const FIRST_DELAY_MS = 200
const LONGEST_DELAY_MS = 10_000
/** A process that lived this long was well: its next crash counts as its first. */
const WELL_AFTER_MS = 30_000

export type SupervisedProcess = {
  name: ProcessName
  /** Crashes since it last was well. */
  crashes(): number
  /** The last lines it wrote. */
  lastLines(): string
  /** Asks it to drain; kills it when `graceMs` have passed. */
  stop(graceMs: number): Promise<void>
  /** Ends it at once. */
  kill(): void
}

type Options = {
  name: ProcessName
  /** The bundle that is forked. */
  entry: string
  logDir: string
  say: (line: string) => void
  /** Called with each new pid, and with undefined when the process has ended. */
  onPid: (pid: number | undefined) => void
}

/** Keeps one process running: starts it, and starts it again after a crash, each time a little later. */
export function superviseProcess({ name, entry, logDir, say, onPid }: Options): SupervisedProcess {
  const logFile = path.join(logDir, `${name}.log`)
  keepOneOldLog(logFile)
  let child: ChildProcess | null = null
  let crashes = 0
  const stopping = new AbortController()

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const startedAt = performance.now()
      child = forkInto(logFile, entry, name)
      onPid(child.pid)
      const how = await ended(child)
      child = null
      onPid(undefined)
      if (stopping.signal.aborted) return
      crashes = performance.now() - startedAt > WELL_AFTER_MS ? 1 : crashes + 1
      const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (crashes - 1))
      say(`The ${name} process ended (${how}); starting it again in ${delayMs / 1000} s. Its log: ${logFile}`)
      await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const done = run()

  return {
    name,
    crashes: () => crashes,
    lastLines: () => readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n'),
    stop: async (graceMs) => {
      stopping.abort()
      child?.kill('SIGTERM')
      const forced = setTimeout(() => child?.kill('SIGKILL'), graceMs)
      await done
      clearTimeout(forced)
    },
    kill: () => void child?.kill('SIGKILL'),
  }
}

/** Its own session, so that a Ctrl-C reaches the supervisor alone and processes stop in the right order. */
function forkInto(logFile: string, entry: string, name: ProcessName): ChildProcess {
  const log = openSync(logFile, 'a')
  try {
    return fork(entry, [name], { detached: true, stdio: ['ignore', log, log, 'ipc'] })
  } finally {
    closeSync(log)
  }
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
}

function keepOneOldLog(logFile: string): void {
  try {
    renameSync(logFile, `${logFile}.old`)
  } catch {
    // The first start has none.
  }
}
