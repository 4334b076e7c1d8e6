import { spawn } from 'node:child_process'
import path from 'node:path'

import { ROOT } from '../prepare/root.mjs'

export type Finished = { ok: boolean; output: string }

type Options = { variables?: Record<string, string>; cwd?: string }

/** Runs a tool of node_modules/.bin, in the project unless told otherwise, and keeps what it printed. */
export const runTool = (tool: string, args: readonly string[], options: Options = {}): Promise<Finished> =>
  runCommand(path.join(ROOT, 'node_modules', '.bin', tool), args, options)

/** Runs a command, in the project unless told otherwise, and keeps what it printed. */
export function runCommand(
  command: string,
  args: readonly string[],
  { variables = {}, cwd = ROOT }: Options = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', ...variables }
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', (error) => resolve({ ok: false, output: error.message }))
    child.once('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }))
  })
}
