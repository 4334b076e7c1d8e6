import path from 'node:path'

import { env } from '@/server/env'
import { checkBackends } from '../doctor/check-backends'
import { checkDisk } from '../doctor/check-disk'
import { checkLeftovers } from '../doctor/check-leftovers'
import { checkPorts } from '../doctor/check-ports'
import { checkSecrets } from '../doctor/check-secrets'
import { askServer, noServer } from '../doctor/check-server'
import type { Finding } from '../doctor/finding'
import { readHolder } from '../prepare/lock.mjs'
import { ROOT } from '../prepare/root.mjs'
import { localServer } from '../target/local-server'

const RECOMMENDED_NODE = 24
const MARKS = { ok: '✓', note: '•', bad: '✗' } as const

/** Looks at everything a run depends on and says what to do; the exit code is 1 when something is bad. */
export async function doctor(): Promise<number> {
  const findings = await examine(localServer())
  for (const { what, state, detail, remedy } of findings) {
    process.stdout.write(`${MARKS[state]} ${what.padEnd(10)} ${detail}\n`)
    if (remedy !== undefined) process.stdout.write(`  ${''.padEnd(10)} → ${remedy}\n`)
  }
  return findings.some((finding) => finding.state === 'bad') ? 1 : 0
}

/** Everything the doctor finds, with the server at this address or without it. */
export async function examine(server: string): Promise<Finding[]> {
  const dataDir = path.resolve(ROOT, env.PAGETURNER_DATA_DIR)
  const running = readHolder(path.join(dataDir, 'supervisor.lock')) !== null
  const seen = await askServer(server)
  return [
    checkNode(),
    ...(seen ?? [noServer(server), ...(await checkBackends())]),
    await checkDisk(dataDir),
    ...(await checkPorts(running || seen !== null, seen === null ? undefined : portOf(server))),
    checkSecrets(),
    ...(await checkLeftovers(dataDir)),
  ]
}

/** A URL leaves out the port that its protocol has anyway. */
function portOf(server: string): number {
  const { port, protocol } = new URL(server)
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
}

function checkNode(): Finding {
  const { node } = process.versions
  if (Number(node.split('.')[0]) >= RECOMMENDED_NODE) return { what: 'node', state: 'ok', detail: node }
  const remedy = `Node ${RECOMMENDED_NODE} is recommended, Node 20 is past its end of life: https://nodejs.org`
  return { what: 'node', state: 'note', detail: `${node} works`, remedy }
}
