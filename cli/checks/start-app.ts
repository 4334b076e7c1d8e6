import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { freePort } from '../../server/free-port'
import { ROOT } from '../prepare/root.mjs'

const START_TIMEOUT_MS = 300_000

export type App = {
  url: string
  sampleUrl: string
  dataDir: string
  pid: number
  /** What it has printed so far. */
  output(): string
  /** Stops it as Ctrl-C does and resolves to its exit code. */
  stop(): Promise<number | null>
  /** Ends the supervisor as `kill -9` does. */
  kill(): Promise<void>
}

/** Settings that keep an app apart from every other on this machine: free ports, a data folder of its own. */
export type AppPlace = { dataDir: string; port: number; samplePort: number; variables?: Record<string, string> }

export async function makeAppPlace(): Promise<AppPlace> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'pageturner-app-'))
  // Root's database runs as another account, which has to enter.
  chmodSync(dataDir, 0o755)
  return { dataDir, port: await freePort(), samplePort: await freePort() }
}

/** Removes what an app left behind. */
export function removeAppPlace({ dataDir }: AppPlace): void {
  rmSync(dataDir, { recursive: true, force: true })
}

/** Starts the whole system by the very command of `npm start`, and resolves when it has announced its address. */
export function startApp({ dataDir, port, samplePort, variables = {} }: AppPlace): Promise<App> {
  const child = spawn(process.execPath, ['cli/bootstrap.mjs', 'start'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: '',
      REDIS_URL: '',
      ...variables,
      PAGETURNER_DATA_DIR: dataDir,
      PAGETURNER_PORT: String(port),
      PAGETURNER_SAMPLE_PORT: String(samplePort),
    },
  })
  let printed = ''
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGTERM')
      reject(new Error(`the app did not start in ${START_TIMEOUT_MS / 1000} s. It printed:\n${printed}`))
    }, START_TIMEOUT_MS)
    child.stderr.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const url = /Pageturner is running at (\S+)/.exec(printed)?.[1]
      if (url === undefined || child.pid === undefined) return
      clearTimeout(timer)
      resolve({
        url,
        sampleUrl: `http://127.0.0.1:${samplePort}`,
        dataDir,
        pid: child.pid,
        output: () => printed,
        stop: () => {
          child.kill('SIGTERM')
          return exited
        },
        kill: async () => {
          child.kill('SIGKILL')
          await exited
        },
      })
    })
    void exited.then((code) => {
      clearTimeout(timer)
      reject(new Error(`the app ended with exit code ${code}. It printed:\n${printed}`))
    })
  })
}
