import { type ChildProcess, fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle } from '@/cli/prepare/bundle.mjs'
import { markUsed } from '@/cli/prepare/prune-builds.mjs'

const CLOCK_TICK_MS = 10

export type Running = {
  pid: number
  /** Resolves when the process says that it is ready; rejects when it ends before. */
  ready: Promise<void>
  /** How it ended: by itself, with a code, or by a signal. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  hasExited(): boolean
  signal(name: NodeJS.Signals): void
  stop(): Promise<void>
}

/** What the supervisor starts: a process from its source would carry a compiler with it. */
const APP = await bundle()
// Else the next `npm start` after a change would remove it from under a bench that goes on.
markUsed(APP)
/** What is forked with the name of a process. */
export const CHILD = join(APP, 'child.js')

/** Starts one of Pageturner's processes as the supervisor does; `preload` are modules it loads first. */
export function startProcess(
  name: 'worker' | 'sample-api',
  variables: Record<string, string>,
  preload: readonly string[] = [],
): Running {
  const child: ChildProcess = fork(CHILD, [name], {
    execArgv: preload.flatMap((module) => ['--import', module]),
    env: { NODE_ENV: 'production', LOG_LEVEL: 'warn', ...variables },
  })
  if (child.pid === undefined) throw new Error(`the ${name} did not start`)
  let ended = false
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = true
      resolve({ code, signal })
    })
  })
  const ready = new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    void exited.then(({ code, signal }) =>
      reject(new Error(`the ${name} ended before it was ready: ${code ?? signal}`)),
    )
  })
  // Who doesn't wait for it isn't told.
  ready.catch(() => undefined)
  return {
    pid: child.pid,
    ready,
    exited,
    hasExited: () => ended,
    signal: (signalName) => void child.kill(signalName),
    async stop() {
      if (!ended) child.kill('SIGTERM')
      await exited
    },
  }
}

/** Waits until the URL answers 200; gives up after 20 s. */
export async function untilHealthy(url: string): Promise<void> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const response = await fetch(url).catch(() => null)
    if (response?.ok === true) return
    if (Date.now() > deadline) throw new Error(`no answer from ${url}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** CPU time of a process so far, its memory now and at its highest (Linux only; zeros elsewhere). */
export async function usageOf(pid: number): Promise<{ cpuMs: number; bytes: number; peakBytes: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
  const bytesOf = (line: RegExp): number => Number(line.exec(status)?.[1] ?? 0) * 1024
  return { cpuMs: ticks * CLOCK_TICK_MS, bytes: bytesOf(/VmRSS:\s+(\d+) kB/), peakBytes: bytesOf(/VmHWM:\s+(\d+) kB/) }
}
