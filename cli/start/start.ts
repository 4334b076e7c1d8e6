import path from 'node:path'

import { env, setVariables } from '@/server/env'
import type { Builds } from '../builds'
import { takeLock } from '../prepare/lock.mjs'
import { PlainError } from '../prepare/plain-error.mjs'
import { withProgress } from '../prepare/progress.mjs'
import { ROOT } from '../prepare/root.mjs'
import { refuseOpenAddress } from '../processes/refuse-open-address'
import { chooseSamplePort } from './choose-sample-port'
import { openDataDir, type DataDir } from './data-dir'
import { migrateEverything } from './migrate-everything'
import { openDatabase } from './open-database'
import { isPortFree } from './ports'
import { openProcessList, waitForLeftovers } from './process-list'
import { onStopSignals } from './stop-signals'
import { superviseProcess, type SupervisedProcess } from './supervised-process'
import { localAddress, waitUntilHealthy } from './wait-until-healthy'

/** The worker commits its pages in flight and gives its leases back within 10 s. */
const WORKER_GRACE_MS = 12_000
const OTHERS_GRACE_MS = 5_000

/** `npm start`: database, migrations, web server, worker and sample API, until Ctrl-C. */
export async function start(builds: Builds): Promise<void> {
  process.title = 'pageturner start'
  refuseOpenAddress()
  const dataDir = openDataDir()
  const closers = [takeSupervisorLock(dataDir)]
  const processes: SupervisedProcess[] = []
  const stopping = stopOnSignal(processes)
  try {
    await waitForLeftovers(dataDir.processes)
    await refuseTakenPort()
    await chooseSamplePort(say)
    closers.push((await openDatabase(dataDir, say)).stop)
    await migrateEverything()
    if (!stopping.aborted) processes.push(...startProcesses(builds, dataDir))
    closers.push(() => stopProcesses(processes))
    await withProgress('Starting the web server, a worker and the sample API', () =>
      waitUntilHealthy(processes, stopping),
    )
    announce(dataDir)
    await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true }))
  } catch (error) {
    if (!stopping.aborted) {
      await closeAll(closers)
      throw error
    }
  }
  await closeAll(closers)
  say('Stopped. Nothing is lost: npm start goes on where this ended.')
  process.exit(0)
}

/** What was opened is closed in reverse order. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of closers.toReversed()) await close()
}

function takeSupervisorLock(dataDir: DataDir): () => Promise<void> {
  const lock = takeLock(dataDir.lock, { url: localAddress() })
  if (lock.release !== null) return async () => lock.release()
  throw new PlainError(
    `Pageturner already runs on ${dataDir.root}, at ${lock.holder.url} (process ${lock.holder.pid}).`,
    'Use that one, or stop it first. For a second one beside it: PAGETURNER_DATA_DIR=.pageturner-2 PAGETURNER_PORT=8421 npm start',
  )
}

function stopOnSignal(processes: readonly SupervisedProcess[]): AbortSignal {
  const stopping = new AbortController()
  const drain = (): void => {
    say('\nStopping: pages in flight are committed first. Ctrl-C again does not wait for them.')
    stopping.abort()
  }
  onStopSignals(drain, () => {
    for (const each of processes) each.kill()
  })
  return stopping.signal
}

async function refuseTakenPort(): Promise<void> {
  const { PAGETURNER_HOST: host, PAGETURNER_PORT: port } = env
  if (await isPortFree(host, port)) return
  throw new PlainError(
    `Port ${port} of ${host} is taken by another program.`,
    `Stop that program, or start with another port: PAGETURNER_PORT=${port + 1} npm start`,
  )
}

/** In the order in which they are stopped. */
function startProcesses(builds: Builds, dataDir: DataDir): SupervisedProcess[] {
  if (builds.web === null) throw new Error('start needs the build of the web application')
  setVariables({ NODE_ENV: 'production', PAGETURNER_WEB_BUILD: path.relative(ROOT, builds.web) })
  const list = openProcessList(dataDir.processes)
  return (['worker', 'web', 'sample-api'] as const).map((name) =>
    superviseProcess({
      name,
      entry: path.join(builds.app, 'child.js'),
      logDir: dataDir.logs,
      say,
      onPid: (pid) => list.set(name, pid),
    }),
  )
}

async function stopProcesses(processes: readonly SupervisedProcess[]): Promise<void> {
  for (const each of processes) {
    await withProgress(`Stopping the ${each.name} process`, () =>
      each.stop(each.name === 'worker' ? WORKER_GRACE_MS : OTHERS_GRACE_MS),
    )
  }
}

function announce(dataDir: DataDir): void {
  say(`
Pageturner is running at ${localAddress()}

  Next: open it and press Run on loop_with_pagination, or in another terminal:
        npx pageturner run tests/pagination/loop_with_pagination/loop_with_pagination
  Data and logs are in ${path.relative(process.cwd(), dataDir.root) || '.'}/. Ctrl-C stops everything and loses nothing.
`)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
