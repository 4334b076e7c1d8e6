import { spawn } from 'node:child_process'

import { PlainError } from './plain-error.mjs'
import { ROOT } from './root.mjs'

/**
 * Runs a command in the project's folder and keeps its output to itself unless it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, whatFailed: string, remedy?: string }} options
 * @returns {Promise<string>} what it printed
 */
export function runQuietly(command, args, { cwd = ROOT, env = {}, whatFailed, remedy }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.once('error', (error) => reject(new PlainError(`${whatFailed}: ${error.message}`, remedy)))
    child.once('close', (code) => {
      const output = Buffer.concat(chunks).toString()
      if (code === 0) return resolve(output)
      reject(
        new PlainError(`${whatFailed}. It printed:\n\n${output.trim().split('\n').slice(-40).join('\n')}\n`, remedy),
      )
    })
  })
}
