import { afterAll, expect, it } from 'vitest'
import type pg from 'pg'
import type { FaultLabel } from '@/server/fault-point'
import { createDraw } from '@/server/simulation/draw'
import { itemIds, partIds, startCappingApi } from './testing/capping-api'
import { type FaultTrial, prepareFaultTrials } from './testing/fault-trials'

/** Offsets at once with gaps to be filled, a step over the results of the one before, `auto`, children, sinks of each kind, expectations. */
const EVERY_WAY = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: every_way, path: tests/every_way }
workflow:
  - step: start
    tool: postgres
    statement: CREATE SCHEMA kept; CREATE TABLE kept.rows (id text)
    next: [{ step: list }]
  - step: list
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/items/{{ name }}"
    params: { trial: "{{ secret.TRIAL }}" }
    loop: { collection: [a, b, c], element: name, mode: async, concurrency: 2 }
    paginate: { type: offset, items: data, parallel: 3, stop: { total_items_path: total } }
    retry: { on_error: { max_attempts: 5, initial_delay: 1.3, backoff_multiplier: 1 } }
    sink: { tool: postgres, per: page, table: kept.rows, data: "{{ result }}" }
    next: [{ step: parts }]
  - step: parts
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/parts/{{ item.id }}"
    loop: { collection: "{{ list.results[0] }}", element: item, mode: async, concurrency: 3 }
    paginate: { type: auto, items: data }
    sink: { tool: postgres, per: iteration, table: kept.rows, data: "{{ result }}" }
    next: [{ step: nested }]
  - step: nested
    tool: playbook
    path: tests/nested
    workload: { name: "{{ name }}" }
    loop: { collection: [x, y], element: name }
    sink: { tool: postgres, table: kept.rows, data: { id: "after {{ result.stats.success }} children" } }
expect:
  - { name: every item, that: "{{ list.stats.items == 42 }}" }
  - { name: every part, that: "{{ parts.stats.items == 28 }}" }
  - { name: every child, that: "{{ nested.stats.success == 2 }}" }
`

const NESTED = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: nested, path: tests/nested }
workload: { name: none }
workflow:
  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/items/{{ workload.name }}"
    paginate: { type: offset, items: data, limit: 7, stop: { total_items_path: total } }
    retry: { on_error: { max_attempts: 5, initial_delay: 0.1 } }
    sink: { tool: postgres, table: kept.rows, data: "{{ result }}" }
`

const EXPECTED = [
  ...['a', 'b', 'c', 'x', 'y'].flatMap(itemIds),
  ...itemIds('a').flatMap(partIds),
  'after 2 children',
].toSorted()

/** Each stands for the places at which two workers die, one after the other; a third one ends the run. */
const SEEDS = [1, 2, 3, 4]

/** Where they may, with the times that a run surely comes by there. */
const PLACES: readonly (readonly [FaultLabel, number])[] = [
  ['before-move', 8],
  ['moved', 4],
  ['tickets-sent', 4],
  ['claimed', 12],
  ['asking', 30],
  ['answered', 30],
  ['before-commit', 25],
  ['committed', 25],
  ['before-park', 1],
  ['parked', 1],
  ['alarm-set', 1],
  ['sink-written', 16],
  ['sink-settled', 16],
  ['child-started', 2],
]

/** Who takes an element over has forgotten which items of the pages under way are their own. */
const ROOM_FORGOTTEN = `
  CREATE FUNCTION noetl.forget_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.checkpoint := jsonb_set(NEW.checkpoint, '{open}',
      (SELECT coalesce(jsonb_agg(o || '{"room": null}'), '[]') FROM jsonb_array_elements(NEW.checkpoint -> 'open') o));
    RETURN NEW;
  END $$;
  CREATE TRIGGER forget_room BEFORE UPDATE ON noetl.iteration FOR EACH ROW
    WHEN (NEW.epoch > OLD.epoch AND NEW.checkpoint -> 'open' IS NOT NULL) EXECUTE FUNCTION noetl.forget_room()`

/** That an element has ended, for which its sink wrote in the same transaction, is not put down the first time. */
const END_LOST = `
  CREATE FUNCTION noetl.lose_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.status := 'RUNNING';
    PERFORM set_config('planted.lost', 'yes', true);
    RETURN NEW;
  END $$;
  CREATE TRIGGER lose_end BEFORE UPDATE ON noetl.iteration FOR EACH ROW
    WHEN (NEW.step = 'parts' AND NEW.iteration_index = 3 AND NEW.status = 'COMPLETED' AND NEW.epoch = 1)
    EXECUTE FUNCTION noetl.lose_end();
  CREATE FUNCTION noetl.lose_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.completed := OLD.completed;
    RETURN NEW;
  END $$;
  CREATE TRIGGER lose_count BEFORE UPDATE ON noetl.step FOR EACH ROW
    WHEN (NEW.completed > OLD.completed AND current_setting('planted.lost', true) = 'yes')
    EXECUTE FUNCTION noetl.lose_count()`

const PLANTED = [
  { mistake: 'forgets whose items are whose', bug: ROOM_FORGOTTEN, faults: ['answered#8', 'committed#6'] },
  { mistake: 'loses an end with a sink', bug: END_LOST, faults: ['claimed#4'] },
]

const api = await startCappingApi()
const begin = await prepareFaultTrials(EVERY_WAY, {
  steps: {},
  child: { content: NESTED, step: 'nested', steps: {} },
})

const AT_ONCE = 4
const running = new Set<Promise<unknown>>()
const trials = new Map<string, Promise<Kept>>()
for (const seed of SEEDS)
  trials.set(
    `seed ${seed}`,
    inTurn(async () => runKilled(`seed-${seed}`, drawFaults(seed))),
  )
for (const { mistake, bug, faults } of PLANTED)
  trials.set(
    mistake,
    inTurn(async () => runKilled(mistake.replaceAll(' ', '-'), faults, bug)),
  )
afterAll(async () => Promise.allSettled(trials.values()))

it.each(SEEDS)(
  'keeps every item once, in pages, sinks and children, wherever workers die (seed %i)',
  { timeout: 300_000 },
  async (seed) => {
    const kept = await trials.get(`seed ${seed}`)
    const faults = drawFaults(seed).join(', ')
    expect(kept?.killed, faults).toBeGreaterThan(0)
    expect({ ...kept, killed: null }, faults).toEqual({ ...WHOLE, killed: null })
  },
)

it.each(PLANTED)('sees it where the store $mistake', { timeout: 300_000 }, async ({ mistake }) => {
  const kept = await trials.get(mistake)
  expect(kept?.killed).toBeGreaterThan(0)
  expect(kept?.rows).not.toEqual(EXPECTED)
})

/** What there is when a run has ended. */
type Kept = {
  killed: number
  statuses: string[]
  rows: string[]
  /** Items of the pages on record, by execution and step. */
  items: number[]
  /** Executions whose events are not numbered 1, 2, 3 up to the last. */
  torn: number
  expectations: string[]
}

const WHOLE: Omit<Kept, 'killed'> = {
  statuses: ['COMPLETED', 'COMPLETED', 'COMPLETED'],
  rows: EXPECTED,
  items: [14, 14, 28, 42],
  torn: 0,
  expectations: ['every child true', 'every item true', 'every part true'],
}

function drawFaults(seed: number): string[] {
  const draw = createDraw(seed)
  return [0, 1].map(() => {
    const [label, most] = draw.pick(PLACES)
    return `${label}#${draw.whole(1, most)}${draw.chance(0.4) ? `+${draw.whole(1, 40)}` : ''}`
  })
}

async function runKilled(name: string, faults: readonly string[], bug?: string): Promise<Kept> {
  const trial = await begin()
  const variables = {
    PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*',
    PAGETURNER_SECRET_PAGINATED_API_URL: api.origin,
    PAGETURNER_SECRET_TRIAL: name,
  }
  try {
    if (bug !== undefined) await trial.db.query(bug)
    let killed = 0
    for (const fault of faults) {
      const worker = trial.worker({ ...variables, FAULT: `kill@${fault}` })
      await Promise.race([worker.exited, trial.ended()])
      worker.signal('SIGTERM')
      if ((await worker.exited).signal === 'SIGKILL') killed += 1
      await trial.shortenLeases()
    }
    trial.worker(variables)
    await trial.ended()
    return { killed, ...(await readKept(trial)) }
  } finally {
    await trial.close()
  }
}

async function readKept({ db }: FaultTrial): Promise<Omit<Kept, 'killed'>> {
  return {
    statuses: await column(db, `SELECT concat_ws(': ', status, error ->> 'message') FROM noetl.execution`),
    rows: (await column<string>(db, 'SELECT id FROM kept.rows')).toSorted(),
    items: await column(
      db,
      'SELECT sum(item_count)::int AS items FROM noetl.page GROUP BY execution_id, step ORDER BY items',
    ),
    torn: await column<number>(
      db,
      `SELECT count(*)::int FROM noetl.execution x WHERE last_seq <> (SELECT count(*) FROM noetl.event e
         WHERE e.execution_id = x.execution_id AND e.seq BETWEEN 1 AND x.last_seq)`,
    ).then(([torn = -1]) => torn),
    expectations: await column(
      db,
      `SELECT concat(context ->> 'name', ' ', context ->> 'passed') AS told FROM noetl.event
       WHERE event_type = 'expectation_checked' ORDER BY told`,
    ),
  }
}

async function column<Value>(db: pg.Client, text: string): Promise<Value[]> {
  const { rows } = await db.query<[Value]>({ text, rowMode: 'array' })
  return rows.map(([value]) => value)
}

/** Trials mostly wait, so some go on at a time. */
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  while (running.size >= AT_ONCE) await Promise.race(running)
  const done = work()
  const turn = done.catch(() => undefined).finally(() => running.delete(turn))
  running.add(turn)
  return done
}
