import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { freePort } from '../../free-port'

/** Ends Redis when our end of the pipe closes, which it also does when we are killed; ends itself when Redis ends. */
const SERVE = `exec 3<&0
redis-server "$@" 3<&- & server=$!
{ cat <&3; kill "$server"; } >/dev/null 2>&1 &
wait "$server"`
const IS_READY = 'Ready to accept connections'
/** A port that is free now may be another program's by the time Redis takes it. */
const ATTEMPTS = 5
/** One for each test file and more: Redis has 16 unless told otherwise. */
const DATABASES = 256

/** A Redis that reads and writes its files in a folder. Throws with the remedy when the program isn't installed. */
export async function startTestRedis(folder: string): Promise<{ url: string; stop(): void }> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    throw new Error('The integration tests need redis-server: apt-get install redis-server, or brew install redis.')
  }
  let said = ''
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = await freePort()
    const settings = `--port ${port} --bind 127.0.0.1 --maxmemory-policy noeviction --databases ${DATABASES} --save`
    const server = spawn('/bin/sh', ['-c', SERVE, 'sh', ...settings.split(' '), '', '--dir', folder], {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const stop = (): void => void server.stdin.end()
    said = await untilReadyOrEnded(server)
    if (said.includes(IS_READY)) return { url: `redis://127.0.0.1:${port}`, stop }
    stop()
  }
  throw new Error(`redis-server did not start on any of ${ATTEMPTS} ports. It said:\n${said}`)
}

/** What Redis said so far. Its log is read on without being kept: a full pipe would stop it. */
async function untilReadyOrEnded({ stdout }: ChildProcessByStdio<Writable, Readable, null>): Promise<string> {
  let said = ''
  await new Promise<void>((resolve) => {
    stdout.once('end', resolve)
    stdout.on('data', (chunk: Buffer) => {
      if (said.includes(IS_READY)) return
      said += chunk.toString()
      if (said.includes(IS_READY)) resolve()
    })
  })
  return said
}
