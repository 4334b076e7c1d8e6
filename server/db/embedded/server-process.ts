import { execFile, spawn } from 'node:child_process'
import { chown, mkdir, mkdtemp, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DomainError } from '@/domain/domain-error'
import type { Account } from './account'
import type { Place } from './place'

const run = promisify(execFile)

export const SUPERUSER = 'pageturner'
const MAX_LOG_BYTES = 10 * 1024 * 1024

/** Given on the command line, so that a new version of Pageturner brings its own. For a small machine; durability is on. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // A worker takes up to 30; several may run beside each other, and the tests run many.
  max_connections: '200',
  shared_buffers: '128MB',
  // Pages are written once and in order, so that a checkpoint costs little, and segments used again cost less than new ones.
  max_wal_size: '256MB',
  checkpoint_warning: '0',
  log_checkpoints: 'off',
  fsync: 'on',
  synchronous_commit: 'on',
  // Worker processes for reading ahead and for parallel plans cost more than they give on two cores.
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
}

/** Makes a new cluster, beside its place and then renamed: a kill in between leaves no half of one. Throws a DomainError with what `initdb` said. */
export async function initialiseCluster(place: Place, account: Account, password: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'pageturner-'))
  const unfinished = `${place.clusterDir}.making`
  const passwordFile = join(scratch, 'password')
  try {
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { mode: 0o700 })
    await writeFile(passwordFile, password, { mode: 0o600 })
    for (const path of [unfinished, scratch, passwordFile]) await give(path, account)
    await run(
      join(place.native, 'bin', 'initdb'),
      [
        `--pgdata=${unfinished}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      { ...account, cwd: unfinished },
    )
    await rename(unfinished, place.clusterDir)
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)
    throw new DomainError('unavailable', `The database in ${place.clusterDir} could not be made: ${said}`, {
      cause,
      hint: 'Free some disk space or name another folder in PAGETURNER_DATA_DIR, or set DATABASE_URL.',
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function give(path: string, account: Account): Promise<void> {
  if (account.uid !== undefined && account.gid !== undefined) await chown(path, account.uid, account.gid)
}

export type ServerProcess = { hasExited(): boolean }

/**
 * Starts the server in a process group of its own, so that Ctrl-C in the terminal reaches us and not it, and with its
 * log in a file, so that it lives on when we are killed.
 */
export async function spawnServer(options: {
  place: Place
  account: Account
  port: number
  logFile: string
}): Promise<ServerProcess> {
  const size = await stat(options.logFile).then(
    (file) => file.size,
    () => 0,
  )
  if (size > MAX_LOG_BYTES) await truncate(options.logFile)
  const log = await open(options.logFile, 'a', 0o600)
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let exited = false
  const child = spawn(
    join(options.place.native, 'bin', 'postgres'),
    ['-D', options.place.clusterDir, '-p', String(options.port), ...settings],
    { ...options.account, cwd: options.place.clusterDir, detached: true, stdio: ['ignore', log.fd, log.fd] },
  )
  child.on('error', () => (exited = true))
  child.on('exit', () => (exited = true))
  child.unref()
  await log.close()
  return { hasExited: () => exited }
}

/** The last lines of the server's log, for the message of a start that failed. */
export async function logTail(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-5).join('\n')
}
