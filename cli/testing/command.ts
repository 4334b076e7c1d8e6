import { type ChildProcess, spawn } from 'node:child_process'
import { ROOT } from '../prepare/root.mjs'

/** How a command ended, and all that it wrote. */
export type Ended = { code: number | null; out: string; err: string }

/** Starts a command at the root of the project, its output in pipes. */
export const start = (command: string, args: readonly string[]): ChildProcess =>
  spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })

/** Waits for its end; to be called before it has written anything. */
export function ended(child: ChildProcess): Promise<Ended> {
  const ended: Ended = { code: null, out: '', err: '' }
  child.stdout?.on('data', (chunk: Buffer) => (ended.out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (ended.err += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...ended, code })))
}
