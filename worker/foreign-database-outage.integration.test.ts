import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { canMount } from '@/server/db/testing/can-mount'
import { setVariables } from '@/server/env'
import { retryExecution } from '@/server/executions/retry-execution'
import { startForeignDatabase } from './testing/foreign-database'
import { mountSmallDisk, type SmallDisk } from './testing/small-disk'
import { pool } from '@/server/db/pool'
import { eventsOf, startEngine, statusOf, stepRow, untilEnded } from './testing/start-engine'

vi.setConfig({ testTimeout: 120_000 })

const engine = await startEngine('postgresql')
const { name, address, port, direct, admin } = await startForeignDatabase('ledger')
setVariables({ PAGETURNER_ALLOW_HOSTS: `127.0.0.1:${port}`, PAGETURNER_SECRET_LEDGER: address() })

const SPACE = `ledger_${process.pid}`
const disk: SmallDisk | null = canMount() ? await mountSmallDisk('4m') : null
if (disk !== null) await admin.query(`CREATE TABLESPACE ${SPACE} LOCATION '${disk.folder}'`)
afterAll(async () => {
  if (disk === null) return
  await direct.query('DROP TABLE users')
  await admin.query(`DROP TABLESPACE ${SPACE}`)
  disk.unmount()
})

const COLUMNS =
  'id int PRIMARY KEY, name text, username text, email text, created_at timestamptz, score real, active bool, address jsonb, tags text[]'
beforeEach(async () => {
  await direct.query('DROP TABLE IF EXISTS users')
  await direct.query(`CREATE TABLE users (${COLUMNS}) ${disk === null ? '' : `TABLESPACE ${SPACE}`}`)
})
afterEach(async () => {
  await READ_ONLY.end()
  await DISK_FULL.end()
})

type Outage = { begin(): Promise<void>; end(): Promise<void>; sentence: RegExp; hint: RegExp }

const READ_ONLY: Outage = {
  // A session keeps the default that it began with, so those of before have to end; after it they are left as they are.
  async begin() {
    await admin.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`)
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, [name])
  },
  end: async () => void (await admin.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`)),
  sentence:
    /The database LEDGER is read-only, so it took nothing: cannot execute INSERT in a read-only transaction \(SQLSTATE 25006\)\.$/,
  hint: /^Let it accept changes again: .*default_transaction_read_only.* Then retry the run: the pages are kept/,
}

/** The table lies on a disk of its own that is full: PostgreSQL is refused the next block. */
const DISK_FULL: Outage = {
  begin: async () => disk?.fill(),
  end: async () => disk?.free(),
  sentence:
    /The database LEDGER's disk is full, so it took nothing: could not extend file "pg_tblspc\/.*": No space left on device \(SQLSTATE 53100\)\.$/,
  hint: /^Free space on the disk of the database.* Then retry the run: the pages are kept/,
}

const TO_LEDGER = 'tool: postgres, credential: LEDGER'
const KEPT = 'table: users, mode: upsert, key: id'

describe.each([
  ['read-only', READ_ONLY, true],
  ['full', DISK_FULL, disk !== null],
] as const)('a registered database that is %s', (_condition, outage, isPossible) => {
  it.skipIf(!isPossible).each<[string, string, number]>([
    ['insert', 'table: users, mode: insert, data: "{{ start.pages }}"', 15],
    ['statement', 'statement: "INSERT INTO users SELECT n, $1 FROM generate_series(1, 7) n", params: [seven]', 7],
  ])('fails the %s of a postgres step, and takes it when it is tried again', async (_kind, action, rows) => {
    await outage.begin()
    const id = await engine.run(
      playbook(`${fetching('')}
    next: [{ step: store }]
  - { step: store, ${TO_LEDGER}, ${action}, retry: { max_attempts: 1 } }`),
    )
    await expectFailure(id, { step: 'store', kind: 'database_cannot_save', ...outage })
    expect(await stepRow(id, 'start')).toMatchObject({ status: 'COMPLETED', pages: 3 })

    await outage.end()
    await retry(id, { scope: 'iteration', step: 'store', index: 0 })
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await stored()).toBe(rows)
    expect(requestsFor(id)).toBe(3)
  })

  it.skipIf(!isPossible)('fails an element by its sink, keeps its pages, and takes them in a retry of it', async () => {
    await outage.begin()
    const id = await engine.run(
      playbook(`${fetching(`sink: { ${TO_LEDGER}, ${KEPT}, data: "{{ result }}" }`)}
    loop: { collection: [a, b], element: name, on_failure: continue }`),
    )
    const failed = (await eventsOf(id)).filter(({ event_type }) => event_type === 'iteration_failed')
    expect(failed.map(({ context }) => context['error'])).toEqual(
      Array.from({ length: 2 }, () => told('sink_failed', outage, 'The sink into users failed: ')),
    )
    expect(await stepRow(id, 'start')).toMatchObject({ failed: 2, pages: 6 })

    await outage.end()
    await retry(id, { scope: 'iteration', step: 'start', index: 1 })
    expect(await stepRow(id, 'start')).toMatchObject({ completed: 1, failed: 1, pages: 6 })
    expect([await stored(), requestsFor(id)]).toEqual([15, 6])
  })

  it.skipIf(!isPossible)('fails a loop by the sink of the whole of it, and stores the results in a retry', async () => {
    await outage.begin()
    const id = await engine.run(
      playbook(`${fetching('')}
    loop: { collection: [a, b], element: name }
    sink: { ${TO_LEDGER}, ${KEPT}, data: "{{ result.results }}" }`),
    )
    await expectFailure(id, { step: 'start', kind: 'sink_failed', before: 'The sink into users failed: ', ...outage })
    expect(await stepRow(id, 'start')).toMatchObject({ completed: 2, failed: 0, pages: 6 })

    await outage.end()
    await retry(id, { scope: 'failed' })
    expect(await statusOf(id)).toBe('COMPLETED')
    expect([await stored(), requestsFor(id)]).toEqual([15, 6])
  })
})

it('is tried again by itself, three times without being told, and the outage may end meanwhile', async () => {
  await READ_ONLY.begin()
  const running = engine.run(playbook(`  - { step: start, ${TO_LEDGER}, table: users, data: { id: 1, name: once } }`))
  await expect.poll(waiting, { timeout: 30_000, interval: 20 }).toBe(1)
  await READ_ONLY.end()
  const id = await running
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(await stored()).toBe(1)
  const tries = (await eventsOf(id)).filter(({ event_type }) => event_type === 'page_retry')
  // One, or two where this machine was slow to end the outage.
  expect([1, 2]).toContain(tries.length)
  expect(tries.map(({ context }) => context['error'])).toEqual(
    tries.map((_, n) => ({ ...told('database_cannot_save', READ_ONLY), attempt: n + 1 })),
  )
})

// These are raised by a trigger: the conditions themselves can't be had on a server that other tests use as well.
it.each([
  [
    '53200',
    'database_cannot_save',
    /^The database LEDGER is out of memory, so it took nothing: said so \(SQLSTATE 53200\)\.$/,
    /more memory/,
  ],
  [
    '53300',
    'database_unreachable',
    /^The database LEDGER takes no more connections: said so \(SQLSTATE 53300\)$/,
    /max_connections/,
  ],
  ['53400', 'statement_refused', /^PostgreSQL refused the statement: said so \(SQLSTATE 53400\)$/, undefined],
  [
    '57P03',
    'database_unreachable',
    /^The database LEDGER did not answer as it should: said so \(SQLSTATE 57P03\)$/,
    undefined,
  ],
])('says of SQLSTATE %s what is true', async (sqlstate, kind, message, hint) => {
  await direct.query(`CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'said so' USING ERRCODE = '${sqlstate}'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON users EXECUTE FUNCTION refuse()`)
  const id = await engine.run(
    playbook(`  - { step: start, ${TO_LEDGER}, table: users, data: { id: 1 }, retry: { max_attempts: 1 } }`),
  )
  await expectFailure(id, { step: 'start', kind, sentence: message, ...(hint && { hint }) })
})

it('says that a statement took too long, and that somebody ended it', async () => {
  const sleeping = playbook(
    `  - { step: start, ${TO_LEDGER}, statement: "SELECT pg_sleep(30)", retry: { max_attempts: 1 } }`,
  )
  const slow = sleeping.replace('SELECT pg_sleep', "SET LOCAL statement_timeout = '50ms'; SELECT pg_sleep")
  await expectFailure(await engine.run(slow), {
    step: 'start',
    kind: 'statement_refused',
    sentence: /PostgreSQL refused the statement: canceling statement due to statement timeout \(SQLSTATE 57014\)$/,
    hint: /longer than statement_timeout allows/,
  })
  const running = engine.run(sleeping)
  const cancel = async () =>
    (
      await admin.query(
        `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'`,
        [name],
      )
    ).rowCount
  await expect.poll(cancel, { timeout: 30_000, interval: 20 }).toBe(1)
  await expectFailure(await running, {
    step: 'start',
    kind: 'statement_refused',
    sentence: /PostgreSQL refused the statement: canceling statement due to user request \(SQLSTATE 57014\)$/,
    hint: /Somebody ended it/,
  })
})

type Told = Pick<Outage, 'sentence'> & { hint?: RegExp }

const told = (kind: string, { sentence, hint }: Told, before = '') => ({
  kind,
  message: expect.stringMatching(
    before === '' ? new RegExp(`^${sentence.source.replace(/^\^/, '')}`) : new RegExp(`^${before}${sentence.source}`),
  ),
  ...(hint && { hint: expect.stringMatching(hint) }),
})

async function expectFailure(
  id: string,
  { step, kind, before = '', ...outage }: Told & { step: string; kind: string; before?: string },
): Promise<void> {
  expect(await statusOf(id)).toBe('FAILED')
  const failed = (await eventsOf(id)).find(
    ({ event_type, node_name }) => event_type === 'step_failed' && node_name === step,
  )
  expect(failed?.context['error']).toEqual(told(kind, outage, before))
}

async function retry(id: string, request: Parameters<typeof retryExecution>[1]): Promise<void> {
  await retryExecution(id, request)
  await untilEnded(id)
}

const stored = async (): Promise<number> => (await direct.query('SELECT FROM users')).rowCount ?? 0

const requestsFor = (id: string): number => engine.api.requests().filter(({ url }) => url.includes(`run=${id}`)).length

/** Three pages of five users. */
const fetching = (sink: string): string => `  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users"
    params: { page: 1, pageSize: 5, run: "{{ execution_id }}" }
    retry:
      on_success:
        while: "{{ response.paging.hasMore }}"
        max_attempts: 3
        next_call: { params: { page: "{{ response.paging.page + 1 }}" } }
        collect: { path: data, strategy: append, into: pages }
        ${sink}`

const playbook = (workflow: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: outage, path: tests/outage }
workflow:
${workflow}
`

async function waiting(): Promise<number | null> {
  return (await pool().query(`SELECT FROM noetl.iteration WHERE status = 'WAITING'`)).rowCount
}
