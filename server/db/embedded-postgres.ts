import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { DomainError } from '@/domain/domain-error'
import { freePort, isPortFree } from '../free-port'
import { databaseAccount } from './embedded/account'
import { hydrateEmbeddedPostgres } from './embedded/binaries'
import {
  type ClusterSettings,
  readMajorVersion,
  readPostmaster,
  readSettings,
  saveSettings,
} from './embedded/cluster-files'
import { giveUpOwnership, takeOwnership, watchForOrphan } from './embedded/owner'
import { choosePlace } from './embedded/place'
import { commandOf, isAlive } from './embedded/processes'
import { initialiseCluster, logTail, type ServerProcess, spawnServer, SUPERUSER } from './embedded/server-process'

const DATABASE = 'pageturner'
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 30_000
const POLL_MS = 50

export type EmbeddedPostgres = {
  url: string
  /** True when a server that a killed supervisor left behind was found alive and is used on. */
  adopted: boolean
  /** Stops the server (fast shutdown) and waits until it is gone. */
  stop(): Promise<void>
}

type Options = {
  /** `.pageturner/postgres`; settings, owner and log lie beside it. */
  dataDir: string
  log: (line: string) => void
}

/**
 * Starts the PostgreSQL that comes with the package, or adopts the one still running on `dataDir`. Throws a DomainError
 * when the folder is another version's, can't be written, or belongs to a Pageturner that runs.
 */
export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const binaries = await hydrateEmbeddedPostgres()
  const account = await databaseAccount()
  const settings = await readSettings(dataDir)
  const place = await choosePlace({ dataDir, password: settings.password, binaries, account })
  const major = await readMajorVersion(place.clusterDir)
  refuseOtherVersion(place.clusterDir, major, Number.parseInt(binaries.version, 10))
  await takeOwnership(dataDir)

  const stop = async (): Promise<void> => {
    await stopServer(place.clusterDir)
    await giveUpOwnership(dataDir)
  }
  if (await isServerAlive(place.clusterDir)) {
    options.log(`Using the PostgreSQL that still runs on ${place.clusterDir}.`)
    const port = (await readPostmaster(place.clusterDir))?.port ?? settings.port
    await ready({ ...settings, port }, null, `${dataDir}.log`)
    watchForOrphan({ dataDir, clusterDir: place.clusterDir })
    return { url: urlOf({ ...settings, port }, DATABASE), adopted: true, stop }
  }

  await rm(join(place.clusterDir, 'postmaster.pid'), { force: true })
  if (major === null) {
    options.log(`Making a database in ${place.clusterDir}.`)
    await initialiseCluster(place, account, settings.password)
  }
  const port = (await isPortFree(settings.port)) ? settings.port : await freePort()
  if (port !== settings.port) await saveSettings(dataDir, { ...settings, port })
  const server = await spawnServer({ place, account, port, logFile: `${dataDir}.log` })
  await ready({ ...settings, port }, server, `${dataDir}.log`)
  watchForOrphan({ dataDir, clusterDir: place.clusterDir })
  return { url: urlOf({ ...settings, port }, DATABASE), adopted: false, stop }
}

function refuseOtherVersion(clusterDir: string, found: number | null, ours: number): void {
  if (found === null || found === ours) return
  const relation = found > ours ? 'a newer' : 'an older'
  throw new DomainError(
    'unavailable',
    `The database in ${clusterDir} was made by ${relation} PostgreSQL (${found}) than the one here (${ours}).`,
    {
      hint: `Use the version of Pageturner that made it, or move the folder away to start with an empty database, or set DATABASE_URL.`,
    },
  )
}

/** A server answers for the folder only when the process by that number really is one: after a restart of the machine another may have it. */
async function isServerAlive(clusterDir: string): Promise<boolean> {
  const postmaster = await readPostmaster(clusterDir)
  if (postmaster === null || !isAlive(postmaster.pid)) return false
  const command = await commandOf(postmaster.pid)
  return command.includes('postgres') && command.includes(clusterDir)
}

/** Waits until the server answers, and makes our database in it. */
async function ready(settings: ClusterSettings, server: ServerProcess | null, logFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  for (;;) {
    try {
      await ensureDatabase(settings)
      return
    } catch (cause) {
      if (server?.hasExited() === true || Date.now() > deadline || isRefusal(cause)) {
        throw new DomainError('unavailable', `PostgreSQL did not start. It said: ${await logTail(logFile)}`, {
          cause,
          hint: `Read ${logFile}; or set DATABASE_URL to a PostgreSQL of your own.`,
        })
      }
      await delay(POLL_MS)
    }
  }
}

/** 28P01: the password isn't the one we remember, so waiting changes nothing. */
const isRefusal = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '28P01'

async function ensureDatabase(settings: ClusterSettings): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(settings, 'postgres'), connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end().catch(() => undefined)
  }
}

const urlOf = (settings: ClusterSettings, database: string): string =>
  `postgresql://${SUPERUSER}:${settings.password}@127.0.0.1:${settings.port}/${database}`

/** SIGINT is PostgreSQL's fast shutdown: transactions are rolled back, a checkpoint is written; SIGQUIT leaves recovery to the next start. */
async function stopServer(clusterDir: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    const postmaster = await readPostmaster(clusterDir)
    if (postmaster === null || !(await isServerAlive(clusterDir))) return
    process.kill(postmaster.pid, signal)
    const deadline = Date.now() + STOP_TIMEOUT_MS
    while (Date.now() < deadline && (await isServerAlive(clusterDir))) await delay(POLL_MS)
  }
}
