import { describe, expect, it, vi } from 'vitest'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import type { Ticket } from '@/server/executions/tickets'
import { createDraw, type Draw } from './draw'
import { writePlaybook } from './scenario'
import { PLAIN } from './shape'
import { createModelSubject } from './testing/model-subject'
import { drawOperation, ELEMENTS, type Operation } from './testing/operations'
import { createPostgresSubject } from './testing/postgres-subject'
import type { Subject } from './testing/subject'

/** What would go to the queue is compared, and not sent. */
const sent = vi.hoisted((): unknown[] => [])
vi.mock('@/server/queue/enqueue', () => ({
  enqueueMany: (name: string, tickets: { payload: unknown }[]) => {
    sent.push(...tickets.map(({ payload }) => ({ name, payload })))
    return Promise.resolve(true)
  },
}))

await createTestDatabase()

const SEEDS = 100
const OPERATIONS = 40

describe('the store of the simulation', () => {
  it(`does what PostgreSQL does, in ${SEEDS} × ${OPERATIONS} operations`, { timeout: 300_000 }, async () => {
    const met = new Map<string, number>()
    for (let seed = 0; seed < SEEDS; seed++) await compare(seed, met)
    for (const [what, times] of Object.entries(LEAST)) expect.soft(met.get(what) ?? 0, what).toBeGreaterThan(times)
  })

  it('leaves out what was left out when one element is retried, as PostgreSQL does', async () => {
    const shape = { shape: PLAIN, names: ['a', 'b', 'c'], mode: 'async', concurrency: 1 } as const
    const { postgres, model } = await subjectsOf(writePlaybook({ ...shape, onFailure: 'fail' }))
    const end = (claim: number, status: 'COMPLETED' | 'FAILED'): Operation => ({
      do: 'round',
      commits: [],
      ends: [{ claim, status, next: { worker: 'w1', goesOn: false } }],
    })
    const first: Operation[] = [{ do: 'claim', index: 0, worker: 'w1' }, end(0, 'FAILED')]
    const alone: Operation[] = [
      { do: 'retry', index: 0 },
      { do: 'orchestrate' },
      { do: 'claim', index: 0, worker: 'w1' },
    ]
    const operations: Operation[] = [{ do: 'orchestrate' }, ...first, { do: 'orchestrate' }, ...alone]
    for (const operation of [...operations, end(1, 'COMPLETED'), { do: 'orchestrate' } as const])
      await actAlike({ postgres, model }, operation, tell(operation))
    const { execution, steps } = (await model.dump()) as { execution: unknown; steps: unknown[] }
    expect(execution).toMatchObject({ status: 'FAILED', failed: 0, error: { kind: 'left_out' } })
    expect(steps[0]).toMatchObject({ status: 'FAILED', completed: 1, failed: 0, skipped: 2, released: 1 })
    for (const operation of [{ do: 'retry', index: null }, { do: 'orchestrate' }] as const)
      await actAlike({ postgres, model }, operation, tell(operation))
    expect((await model.dump()) as unknown).toMatchObject({ execution: { status: 'RUNNING' } })
  })
})

/** Two stores that refuse everything agree as well. */
const LEAST = {
  claimed: 60,
  'not claimed': 100,
  written: 150,
  fenced: 100,
  settled: 40,
  'not settled': 50,
  'handed over': 8,
  lost: 20,
  COMPLETED: 20,
  FAILED: 3,
  CANCELLED: 5,
  PAUSED: 2,
  reopened: 5,
  'one reopened': 0,
  'told late': 0,
}

async function compare(seed: number, met: Map<string, number>): Promise<void> {
  const draw = createDraw(seed)
  const content = contentOf(draw)
  const { postgres, model } = await subjectsOf(content)
  const done: Operation[] = []
  for (let count = 0; count < OPERATIONS; count++) {
    const operation: Operation = count === 0 ? { do: 'orchestrate' } : drawOperation(draw, model.claims.length)
    done.push(operation)
    const story = `seed ${seed}: ${done.slice(-12).map(tell).join('\n')}`
    note(met, operation, await actAlike({ postgres, model }, operation, story))
  }
  await noteEnd(met, model)
}

type Subjects = { postgres: Subject & { id: string }; model: Subject }

async function subjectsOf(content: string): Promise<Subjects> {
  const { playbook } = parsePlaybook(content)
  if (playbook === null) throw new Error('The playbook is not valid.')
  const postgres = await createPostgresSubject(content, sent as Ticket[])
  return {
    postgres,
    model: createModelSubject({ executionId: postgres.id, playbook, workload: {}, overrides: new Set() }),
  }
}

/** Does it in both, which must answer alike and hold the same afterwards. */
async function actAlike({ postgres, model }: Subjects, operation: Operation, story: string): Promise<unknown> {
  const [expected, given] = [await postgres.act(operation), await model.act(operation)]
  expect(plain(given), story).toEqual(plain(expected))
  expect(plain(await model.dump()), story).toEqual(plain(await postgres.dump()))
  return given
}

const contentOf = (draw: Draw): string =>
  writePlaybook({
    shape: PLAIN,
    names: draw.chance(0.2) ? null : ELEMENTS.slice(0, draw.whole(1, ELEMENTS.length)),
    mode: 'async',
    concurrency: draw.whole(1, 3),
    onFailure: draw.pick(['fail', 'continue']),
  })

/** Lists of tickets in one order, everything as JSON. */
const plain = (value: unknown): unknown => {
  const parsed: unknown = JSON.parse(JSON.stringify(value ?? null))
  const isTickets = Array.isArray(parsed) && parsed.every((entry: unknown) => Object.hasOwn(Object(entry), 'payload'))
  return isTickets ? parsed.map((ticket) => JSON.stringify(ticket, KEYS)).toSorted() : parsed
}

const KEYS = ['name', 'payload', 'executionId', 'step', 'index', 'epoch', 'seq']

const tell = (operation: Operation): string => JSON.stringify(operation)

type Round = { written: boolean[]; settled: { settled: boolean; next: unknown }[] }

function note(met: Map<string, number>, operation: Operation, given: unknown): void {
  const count = (what: string): void => void met.set(what, (met.get(what) ?? 0) + 1)
  if (operation.do === 'claim') count(given === null ? 'not claimed' : 'claimed')
  if (operation.do === 'retry' && given !== null) count(operation.index === null ? 'reopened' : 'one reopened')
  if (operation.do === 'renew') for (const _lost of (given as { lost: string[] }).lost) count('lost')
  if (operation.do !== 'round') return
  const { written, settled } = given as Round
  for (const isWritten of written) count(isWritten ? 'written' : 'fenced')
  for (const end of settled) {
    count(end.settled ? 'settled' : 'not settled')
    if (end.next !== null) count('handed over')
  }
}

async function noteEnd(met: Map<string, number>, model: Subject): Promise<void> {
  const { events } = (await model.dump()) as { events: { type: string; status: string; step: string | null }[] }
  for (const { type, status, step } of events) {
    if (step === null) met.set(status, (met.get(status) ?? 0) + 1)
    // Ends come without events here, but for those that a cancelled run tells in the name of their steps.
    if (type.startsWith('iteration_')) met.set('told late', (met.get('told late') ?? 0) + 1)
  }
}
