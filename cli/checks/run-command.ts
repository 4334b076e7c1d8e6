import { spawn } from 'node:child_process'
import path from 'node:path'

import { ROOT } from '../prepare/root.mjs'

export type Finished = { ok: boolean; output: string }

/** Runs a tool of node_modules/.bin in the project and keeps what it printed. */
export const runTool = (
  tool: string,
  args: readonly string[],
  variables: Record<string, string> = {},
): Promise<Finished> => runCommand(path.join(ROOT, 'node_modules', '.bin', tool), args, variables)

/** Runs a command in the project and keeps what it printed. */
export function runCommand(
  command: string,
  args: readonly string[],
  variables: Record<string, string> = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', (error) => resolve({ ok: false, output: error.message }))
    child.once('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }))
  })
}
