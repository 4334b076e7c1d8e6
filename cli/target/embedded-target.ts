import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { type ExecutionEvent, executionEventSchema } from '@/domain/execution/events'
import { closePool } from '@/server/db/pool'
import { env, setVariables } from '@/server/env'
import { exportResults } from '@/server/executions/export-results'
import { readLogPart } from '@/server/db/read-event-log'
import { readSnapshot } from '@/server/executions/read-snapshot'
import { startExecution } from '@/server/executions/start-execution'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { closeQueueConnection } from '@/server/queue/connection'
import { closeQueues } from '@/server/queue/enqueue'
import type { Builds } from '../builds'
import { takeLock } from '../prepare/lock.mjs'
import { openDataDir } from '../start/data-dir'
import { migrateEverything } from '../start/migrate-everything'
import { openDatabase } from '../start/open-database'
import { nextFreePort } from '../start/ports'
import { superviseProcess, type SupervisedProcess } from '../start/supervised-process'
import type { RunTarget } from './run-target'

const READ_MS = 100
const PART = 1_000
const WORKER_GRACE_MS = 12_000
/** Away from where `npm start` has its own, so that both find their port free. */
const FIRST_SAMPLE_PORT = 15_555

type Opened = { target: RunTarget; close: () => Promise<void> }

/** Brings up a database, a worker and the sample API for one command, and runs on them in this process. */
export async function openEmbeddedTarget(builds: Builds): Promise<Opened> {
  const folder = takeFolder()
  const dataDir = openDataDir(folder.path)
  setVariables({ PAGETURNER_DATA_DIR: dataDir.root })
  const closers: (() => Promise<void>)[] = [async () => folder.release()]
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).toReversed()) await each()
  }
  try {
    closers.push((await openDatabase(dataDir, say)).stop)
    await migrateEverything()
    setVariables({ PAGETURNER_SAMPLE_PORT: String(await nextFreePort('127.0.0.1', FIRST_SAMPLE_PORT)) })
    const processes = (['worker', 'sample-api'] as const).map((name) => startProcess(name, builds, dataDir.logs))
    // The worker first: what it has in flight is still answered.
    closers.push(async () => {
      for (const each of processes) await each.stop(WORKER_GRACE_MS)
    })
    closers.push(closeConnections)
    return { target: localTarget(folder.kept), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The folder that keeps embedded runs, or a passing one while another embedded run has it. */
function takeFolder(): { path: string; kept: boolean; release: () => void } {
  const kept = path.join(env.PAGETURNER_DATA_DIR, 'embedded')
  const { release } = takeLock(path.join(kept, 'run.lock'))
  if (release !== null) return { path: kept, kept: true, release }
  const passing = mkdtempSync(path.join(tmpdir(), 'pageturner-'))
  // Root's database runs as another account, which has to enter.
  chmodSync(passing, 0o755)
  return { path: passing, kept: false, release: () => rmSync(passing, { recursive: true, force: true }) }
}

function startProcess(name: 'worker' | 'sample-api', builds: Builds, logDir: string): SupervisedProcess {
  return superviseProcess({ name, entry: path.join(builds.app, 'child.js'), logDir, say, onPid: () => undefined })
}

/** This process's own, before the database they lead to is stopped. */
async function closeConnections(): Promise<void> {
  await closeQueues()
  await closeQueueConnection()
  await closePool()
}

function localTarget(kept: boolean): RunTarget {
  return {
    register: async (content) => {
      const { path: name, version } = await registerPlaybook(content)
      return { path: name, version }
    },
    run: async (request) => (await startExecution({ ...request, trigger: { type: 'cli' } })).executionId,
    follow,
    view: async (id) => (await readSnapshot(id)).view,
    results: async (id, format) => (await exportResults(id, { format, provenance: false })).chunks,
    whyNothing: async () => null,
    afterLeaving: (id) =>
      kept
        ? `Execution ${id} goes on when something is run with --embedded again.`
        : `Execution ${id} is gone with what ran it.`,
    pageOf: () => null,
  }
}

async function* follow(id: string, after: number): AsyncGenerator<ExecutionEvent> {
  let cursor = after
  for (;;) {
    const part = await readLogPart(id, cursor, PART)
    if (part === null) throw new Error(`There is no execution ${id}.`)
    for (const { seq, json } of part.events) {
      cursor = seq
      yield executionEventSchema.parse(JSON.parse(json))
    }
    if (part.ended && cursor === part.lastSeq) return
    if (part.events.length === 0) await sleep(READ_MS)
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
