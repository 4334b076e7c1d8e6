import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'

import { canMount } from '@/server/db/testing/can-mount'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { closePool } from '@/server/db/pool'
import { noteStandIn } from '@/server/db/embedded/stand-ins'
import { freePort } from '@/server/free-port'
import { setVariables } from '@/server/env'
import { readReadiness } from '@/server/system/read-readiness'
import { examine } from '../commands/doctor'
import { checkDisk } from './check-disk'
import { checkLeftovers } from './check-leftovers'
import { checkPorts } from './check-ports'
import { checkSecrets } from './check-secrets'
import type { Finding } from './finding'

const { url } = await createTestDatabase()
const NOWHERE = 'http://127.0.0.1:1'
let folder = ''
const servers: Server[] = []

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'pageturner-doctor-'))
  setVariables({
    PAGETURNER_DATA_DIR: folder,
    PAGETURNER_PORT: String(await freePort()),
    PAGETURNER_SAMPLE_PORT: String(await freePort()),
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  setVariables({ DATABASE_URL: url, REDIS_URL: '', NOETL_ENV: '', PAGETURNER_SECRET_KEY: inject('secretKey') })
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => servers.forEach((server) => server.close()))

describe('the doctor', () => {
  it('finds nothing bad but that no server answers, on a machine where all is well', async () => {
    const findings = await examine(NOWHERE)
    expect(bad(findings)).toEqual(['server'])
    expect(about(findings, 'database')).toMatchObject({ state: 'ok', detail: 'it answers and saves' })
    expect(about(findings, 'clock').state).toBe('ok')
    expect(about(findings, 'server').remedy).toContain('npm start')
  })

  it('says that the web server is up without a worker, and how to start one', async () => {
    const server = await serveReadiness()
    const findings = await examine(server)
    expect(bad(findings)).toEqual(['queue', 'worker'])
    expect(about(findings, 'worker')).toMatchObject({ detail: 'none has ever started' })
    expect(about(findings, 'worker').remedy).toContain('npx pageturner worker')
  })

  it('says that the database is stopped, as the server sees it and without one', async () => {
    const server = await serveReadiness()
    await closePool()
    setVariables({ DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/none' })
    expect(about(await examine(server), 'database')).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('ECONNREFUSED'),
      remedy: expect.stringContaining('Start PostgreSQL'),
    })
    const alone = about(await examine(NOWHERE), 'database')
    expect(alone).toMatchObject({ state: 'bad', detail: expect.stringContaining('127.0.0.1:1/none does not answer') })
    expect(JSON.stringify(alone)).not.toContain('a:b')
    await closePool()
  })

  it('says that Redis is stopped', async () => {
    setVariables({ REDIS_URL: 'redis://127.0.0.1:1' })
    const redis = about(await examine(NOWHERE), 'redis')
    expect(redis).toMatchObject({ state: 'bad', remedy: expect.stringContaining('REDIS_URL') })
    setVariables({ REDIS_URL: inject('redisUrl') })
    expect(about(await examine(NOWHERE), 'redis').state).toBe('ok')
  })

  it('says how far the clock is off', async () => {
    const real = Date.now
    vi.spyOn(Date, 'now').mockImplementation(() => real() - 30_000)
    expect(about(await examine(NOWHERE), 'clock')).toMatchObject({
      state: 'bad',
      detail: expect.stringMatching(/(29|30|31) s off/),
      remedy: expect.stringContaining('NTP'),
    })
  })

  it('says which port another program has, and how to start on another', async () => {
    const port = portOf(await listen(createServer()))
    setVariables({ PAGETURNER_PORT: String(port) })
    expect(await checkPorts(false)).toContainEqual({
      what: 'port',
      state: 'bad',
      detail: `${port} is taken by another program`,
      remedy: `Stop that program, or: PAGETURNER_PORT=${port + 1} npm start`,
    })
  })

  it('looks at the port where the server that runs answers, whatever this command would start on', async () => {
    const server = await serveReadiness()
    const { port } = new URL(server)
    expect((await examine(server)).filter(({ what }) => what === 'port')).toContainEqual({
      what: 'port',
      state: 'ok',
      detail: `${port} is in use`,
    })
  })

  it('says that the secret key is missing, in a cluster and where its file was lost', () => {
    setVariables({ PAGETURNER_SECRET_KEY: '', NOETL_ENV: 'kubernetes' })
    expect(checkSecrets()).toMatchObject({ state: 'bad', remedy: expect.stringContaining('openssl rand') })
    setVariables({ NOETL_ENV: 'localhost' })
    writeFileSync(path.join(folder, 'postgres.json'), '{}')
    expect(checkSecrets()).toMatchObject({ state: 'bad', detail: expect.stringContaining('secret.key is gone') })
    expect(existsSync(path.join(folder, 'secret.key'))).toBe(false)
    writeFileSync(path.join(folder, 'secret.key'), 'a key')
    expect(checkSecrets().state).toBe('note')
  })

  it.skipIf(!canMount())('says that the disk of the data folder is nearly full', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder])
    try {
      expect(await checkDisk(path.join(folder, 'not/yet/made'))).toMatchObject({
        state: 'bad',
        detail: expect.stringMatching(/^only 0\.0 GiB free for /),
        remedy: expect.stringContaining('pageturner retention'),
      })
    } finally {
      execFileSync('umount', [folder])
    }
    expect((await checkDisk(folder)).detail).toContain('GiB free for')
  })

  it('names databases that clones left behind, with their size and how to remove them', async () => {
    const left = path.join(folder, '0123456789ab')
    const used = path.join(folder, 'abcdefabcdef')
    for (const cluster of [left, used]) mkdirSync(cluster)
    writeFileSync(path.join(left, 'base'), Buffer.alloc(3 * 1024 * 1024))
    await noteStandIn(left, '/srv/gone/.pageturner/postgres')
    await noteStandIn(used, `${folder}/mine/postgres`)
    expect(await checkLeftovers(`${folder}/mine`, folder)).toEqual([
      {
        what: 'leftover',
        state: 'note',
        detail: `${left} (3 MB), the database of /srv/gone/.pageturner/postgres, which is gone`,
        remedy: `Nothing can use it any more: rm -r ${left} ${left}.of`,
      },
    ])
  })
})

const about = (findings: readonly Finding[], what: string): Finding => {
  const found = findings.find((finding) => finding.what === what)
  if (found === undefined) throw new Error(`The doctor says nothing of ${what}.`)
  return found
}

const bad = (findings: readonly Finding[]): string[] =>
  findings.filter(({ state, what }) => state === 'bad' && what !== 'disk').map(({ what }) => what)

/** What /api/ready answers, over HTTP. */
async function serveReadiness(): Promise<string> {
  const server = createServer((_request, response) => {
    void readReadiness().then((answer) => response.writeHead(answer.ready ? 200 : 503).end(JSON.stringify(answer)))
  })
  return `http://127.0.0.1:${portOf(await listen(server))}`
}

async function listen(server: Server): Promise<Server> {
  servers.push(server)
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

const portOf = (server: Server): number => {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
