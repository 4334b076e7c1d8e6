import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startOf } from './embedded/processes'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres'

vi.setConfig({ testTimeout: 180_000 })

let folder = ''
let running: EmbeddedPostgres | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pageturner-embedded-'))
})
afterEach(async () => {
  await running?.stop()
  running = null
  await rm(folder, { recursive: true, force: true })
})

const start = async (): Promise<EmbeddedPostgres> => {
  running = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined })
  return running
}

const ask = async (url: string, sql: string): Promise<unknown> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ answer: unknown }>(sql)
  await client.end()
  return rows[0]?.answer
}

/** Pretends that a process which is gone had started the server: what a kill -9 of the supervisor leaves. */
async function loseOwner(): Promise<void> {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.once('exit', resolve))
  await writeFile(join(folder, 'postgres.owner'), `${child.pid} 1\n`)
}

test('keeps data, port and password over a stop and a start', async () => {
  const first = await start()
  await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS answer')
  await first.stop()
  const second = await start()
  expect(second).toMatchObject({ url: first.url, adopted: false })
  expect(await ask(second.url, 'SELECT answer FROM kept')).toBe(7)
  expect(await ask(second.url, `SELECT current_setting('fsync') AS answer`)).toBe('on')
  expect((await stat(join(folder, 'postgres.json'))).mode & 0o777).toBe(0o600)
})

test('adopts the server that a killed supervisor left, and stops it like its own', async () => {
  const first = await start()
  const pid = await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8')
  await loseOwner()
  const second = await start()
  expect(second).toMatchObject({ url: first.url, adopted: true })
  expect(await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8')).toBe(pid)
  await second.stop()
  await expect(ask(second.url, 'SELECT 1 AS answer')).rejects.toThrow('ECONNREFUSED')
})

test('starts over the pid file of a server that died, also when another process has its number now', async () => {
  const first = await start()
  const pidFile = join(folder, 'postgres/postmaster.pid')
  const lines = (await readFile(pidFile, 'utf8')).split('\n')
  const postmaster = Number(lines[0])
  const family = (await processes()).filter(({ pid, parent }) => [pid, parent].includes(postmaster))
  expect(family.length).toBeGreaterThan(1)
  process.kill(postmaster, 'SIGKILL')
  // Its children go as they find out, and until then they hold its memory.
  await expect.poll(async () => namesOf(family), { timeout: 30_000 }).toEqual([])
  await writeFile(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'))
  const second = await start()
  expect(second).toMatchObject({ url: first.url, adopted: false })
  expect(await ask(second.url, 'SELECT 1 AS answer')).toBe(1)
})

type Process = { pid: number; parent: number }

/** Those that run: one that has ended and that nobody asked about does not. */
async function processes(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,state='])
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state?.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }))
}

const namesOf = async (family: readonly Process[]): Promise<number[]> => {
  const running = new Set((await processes()).map(({ pid }) => pid))
  return family.map(({ pid }) => pid).filter((pid) => running.has(pid))
}

test('takes another port when a stranger has the one it remembers', async () => {
  const first = await start()
  await first.stop()
  const stranger = createServer()
  await new Promise<void>((resolve) => stranger.listen(Number(new URL(first.url).port), '127.0.0.1', resolve))
  const second = await start()
  expect(new URL(second.url).port).not.toBe(new URL(first.url).port)
  stranger.close()
})

test('refuses a folder of a newer PostgreSQL, and one whose owner lives', async () => {
  const first = await start()
  const sleeper = spawn('sleep', ['60'])
  await writeFile(join(folder, 'postgres.owner'), `${sleeper.pid} ${await startOf(sleeper.pid ?? 0)}\n`)
  await expect(
    startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined }),
  ).rejects.toMatchObject({
    name: 'DomainError',
    code: 'conflict',
    message: expect.stringContaining(`as process ${sleeper.pid}`),
  })
  sleeper.kill()
  await first.stop()
  running = null
  await writeFile(join(folder, 'postgres', 'PG_VERSION'), '99\n')
  await expect(start()).rejects.toMatchObject({
    name: 'DomainError',
    message: expect.stringContaining('a newer PostgreSQL (99)'),
    hint: expect.stringContaining('move the folder away'),
  })
})
