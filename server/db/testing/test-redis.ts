import { spawn, spawnSync } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../embedded/cluster-files'

/** Ends Redis when our end of the pipe closes, which it also does when we are killed. */
const SERVE = 'redis-server "$@" >/dev/null & server=$!; cat; kill "$server"; wait "$server"'
const START_TIMEOUT_MS = 60_000
/** One for each test file and more: Redis has 16 unless told otherwise. */
const DATABASES = 256

/** A Redis with nothing in it. Throws with the remedy when the program isn't installed. */
export async function startTestRedis(folder: string): Promise<{ url: string; stop(): void }> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    throw new Error('The integration tests need redis-server: apt-get install redis-server, or brew install redis.')
  }
  const port = await freePort()
  const settings = `--port ${port} --bind 127.0.0.1 --maxmemory-policy noeviction --databases ${DATABASES} --save`
  const child = spawn('/bin/sh', ['-c', SERVE, 'sh', ...settings.split(' '), '', '--dir', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  await answers(port)
  return { url: `redis://127.0.0.1:${port}`, stop: () => child.stdin.end() }
}

async function answers(port: number): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadline) {
    if (await canConnect(port)) return
    await delay(20)
  }
  throw new Error(`redis-server did not answer on port ${port} within ${START_TIMEOUT_MS} ms.`)
}

const canConnect = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
