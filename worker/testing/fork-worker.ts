import { fork, type ChildProcess } from 'node:child_process'
import { CHILD } from '@/bench/process'

export type ForkedWorker = {
  pid: number | undefined
  /** As a crash: nothing is finished, nothing is given back. */
  kill(): Promise<void>
  /** Asks it to drain; gives back its exit code and how long that took. */
  terminate(): Promise<{ code: number | null; ms: number }>
  /** As a supervisor that was killed. */
  disconnect(): Promise<{ code: number | null; ms: number }>
}

/**
 * A worker in a process of its own, with this process's settings, from the bundle: it is there in a third of the time
 * that its sources take. Resolves when it says that it is ready.
 */
export async function forkWorker(): Promise<ForkedWorker> {
  const child = fork(CHILD, ['worker'], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', (code) => reject(new Error(`The worker ended with code ${code} before it was ready.`)))
  })
  const exit = exitOf(child)
  return {
    pid: child.pid,
    async kill() {
      child.kill('SIGKILL')
      await exit
    },
    async terminate() {
      const startedAt = Date.now()
      child.kill('SIGTERM')
      return { code: await exit, ms: Date.now() - startedAt }
    },
    async disconnect() {
      const startedAt = Date.now()
      child.disconnect()
      return { code: await exit, ms: Date.now() - startedAt }
    },
  }
}

const exitOf = async (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)))
