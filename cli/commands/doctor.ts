import { statfs } from 'node:fs/promises'
import path from 'node:path'

import { readyAnswerSchema } from '@/domain/api/system'
import { env } from '@/server/env'
import { readHolder } from '../prepare/lock.mjs'
import { ROOT } from '../prepare/root.mjs'
import { isPortFree } from '../start/ports'
import { localServer } from '../target/local-server'

const ENOUGH_DISK_BYTES = 1024 ** 3
const RECOMMENDED_NODE = 24

type Finding = { what: string; state: 'ok' | 'note' | 'bad'; detail: string; remedy?: string }

/** Looks at everything a run depends on and says what to do; the exit code is 1 when something is bad. */
export async function doctor(): Promise<number> {
  const running = readHolder(path.resolve(ROOT, env.PAGETURNER_DATA_DIR, 'supervisor.lock')) !== null
  const findings = [
    checkNode(),
    ...(await checkServer()),
    await checkDisk(),
    ...(await checkPorts(running)),
    checkSecrets(),
  ]
  const MARKS = { ok: '✓', note: '•', bad: '✗' } as const
  for (const { what, state, detail, remedy } of findings) {
    process.stdout.write(`${MARKS[state]} ${what.padEnd(10)} ${detail}\n`)
    if (remedy !== undefined) process.stdout.write(`  ${''.padEnd(10)} → ${remedy}\n`)
  }
  return findings.some((finding) => finding.state === 'bad') ? 1 : 0
}

function checkNode(): Finding {
  const { node } = process.versions
  if (Number(node.split('.')[0]) >= RECOMMENDED_NODE) return { what: 'node', state: 'ok', detail: node }
  const remedy = `Node ${RECOMMENDED_NODE} is recommended, Node 20 is past its end of life: https://nodejs.org`
  return { what: 'node', state: 'note', detail: `${node} works`, remedy }
}

/** Database, queue and worker, as the server itself sees them. */
async function checkServer(): Promise<Finding[]> {
  const server = localServer()
  try {
    const answer: unknown = await (await fetch(`${server}/api/ready`, { signal: AbortSignal.timeout(10_000) })).json()
    const { checks } = readyAnswerSchema.parse(answer)
    const remedy = `Look into ${path.join(env.PAGETURNER_DATA_DIR, 'logs')}, or restart: npm start`
    return [
      { what: 'server', state: 'ok', detail: server },
      ...checks.map(({ part, ok, detail }): Finding =>
        ok ? { what: part, state: 'ok', detail } : { what: part, state: 'bad', detail, remedy },
      ),
    ]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [{ what: 'server', state: 'bad', detail: `none answers at ${server} (${reason})`, remedy: 'npm start' }]
  }
}

async function checkDisk(): Promise<Finding> {
  const { bavail, bsize } = await statfs(ROOT)
  const free = bavail * bsize
  const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free`
  if (free > ENOUGH_DISK_BYTES) return { what: 'disk', state: 'ok', detail }
  return { what: 'disk', state: 'bad', detail, remedy: 'Free some space, or move PAGETURNER_DATA_DIR to another disk.' }
}

async function checkPorts(running: boolean): Promise<Finding[]> {
  const ports = [
    { name: 'PAGETURNER_PORT', host: env.PAGETURNER_HOST, port: env.PAGETURNER_PORT },
    { name: 'PAGETURNER_SAMPLE_PORT', host: '127.0.0.1', port: env.PAGETURNER_SAMPLE_PORT },
  ]
  const findings = ports.map(async ({ name, host, port }): Promise<Finding> => {
    const what = 'port'
    if (await isPortFree(host, port)) {
      if (!running) return { what, state: 'ok', detail: `${port} is free` }
      return { what, state: 'note', detail: `${port} (${name}) is not in use` }
    }
    if (running) return { what, state: 'ok', detail: `${port} is in use` }
    return {
      what,
      state: 'bad',
      detail: `${port} is taken by another program`,
      remedy: `${name}=${port + 1} npm start`,
    }
  })
  return Promise.all(findings)
}

function checkSecrets(): Finding {
  const names = [...env.SECRETS.keys()]
  const from = names.length === 0 ? 'none from the environment' : `from the environment: ${names.join(', ')}`
  if (env.PAGETURNER_SECRET_KEY !== undefined) return { what: 'secrets', state: 'ok', detail: `key set; ${from}` }
  const detail = `the key is a file in ${env.PAGETURNER_DATA_DIR}; ${from}`
  if (env.DATABASE_URL === undefined) return { what: 'secrets', state: 'ok', detail }
  const remedy = 'With a database of your own, set PAGETURNER_SECRET_KEY, the same for every process.'
  return { what: 'secrets', state: 'note', detail, remedy }
}
