import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@/server/free-port'

const START_TIMEOUT_MS = 10_000

export type RedisServer = {
  url: string
  /** As a power cut: nothing was written to disk, so all tickets are gone. */
  kill(): Promise<void>
  start(): Promise<void>
}

export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0

/** A Redis of its own that keeps nothing on disk. */
export async function startRedisServer(folder: string): Promise<RedisServer> {
  const port = await freePort()
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction']
  let child: ChildProcess | null = null
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      child = spawn('redis-server', [...settings, '--dir', folder], { stdio: 'ignore' })
      await untilListening(port)
    },
    async kill() {
      if (child === null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      child = null
    },
  }
  await server.start()
  return server
}

async function untilListening(port: number): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadline) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (answered) return
    await sleep(20)
  }
  throw new Error(`redis-server did not answer on port ${port} within ${START_TIMEOUT_MS} ms.`)
}
