import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { pool } from '@/server/db/pool'
import { startExecution } from '@/server/executions/start-execution'
import { type Running, usageOf } from '../process'
import { type Closing, startPageturner, startSample } from '../start-pageturner'

const SAMPLE_PORT = 5598
const POLL_MS = 100
const GIVE_UP_MS = 60 * 60_000
const ITEMS_PER_PAGE = 5
const CONCURRENCY = 50
/** The promises: time per element flat from 1,000 to 100,000, and a worker that stays small. */
const FLAT = 0.1
const MOST_BYTES = 300 * 2 ** 20

type Size = { elements: number; pages: number; repeats: number }
type Row = Size & { wallMs: number; tenthsMs: [number, number]; bytes: number; peakBytes: number; diskBytes: number }

const ONE_PAGE_EACH: readonly Size[] = [
  { elements: 1_000, pages: 1, repeats: 5 },
  { elements: 10_000, pages: 1, repeats: 1 },
]
const DEFAULT: readonly Size[] = [...ONE_PAGE_EACH, { elements: 1, pages: 1_000, repeats: 1 }]
const FULL: readonly Size[] = [
  ...ONE_PAGE_EACH,
  { elements: 100_000, pages: 1, repeats: 1 },
  { elements: 1, pages: 10_000, repeats: 1 },
  { elements: 1_000, pages: 1_000, repeats: 1 },
]
const WARM_UP: Size = { elements: 500, pages: 1, repeats: 1 }

/** Larger and larger runs with one worker: what an element, the worker's memory and the disk cost. Exit code 1 when it grows. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { full: { type: 'boolean', default: false } } })
  const closing: Closing = []
  try {
    const origin = await startSample(SAMPLE_PORT, closing)
    const worker = await startPageturner(SAMPLE_PORT, closing)
    await worker.ready
    await measure(WARM_UP, origin, worker)
    process.stdout.write(HEADER)
    const rows: Row[] = []
    for (const size of values.full ? FULL : DEFAULT) {
      const row = await measure(size, origin, worker)
      process.stdout.write(lineOf(row))
      rows.push(row)
    }
    const broken = check(rows)
    process.stdout.write(broken.length === 0 ? '\nflat, and within its memory\n' : `\n${broken.join('\n')}\n`)
    return broken.length === 0 ? 0 : 1
  } finally {
    for (const close of closing.toReversed()) await close()
  }
}

/** The middle one of the repeats: of a short run the quickest met no checkpoint and no vacuum, which a long one always meets. */
async function measure(size: Size, origin: string, worker: Running): Promise<Row> {
  const rows: Row[] = []
  for (let repeat = 0; repeat < size.repeats; repeat += 1) rows.push(await measureOnce(size, origin, worker))
  const middle = rows.toSorted((a, b) => a.wallMs - b.wallMs)[Math.floor(rows.length / 2)]
  if (middle === undefined) throw new Error('Nothing was measured.')
  return middle
}

async function measureOnce(size: Size, origin: string, worker: Running): Promise<Row> {
  const diskBefore = await diskBytes()
  const startedAt = performance.now()
  const { executionId } = await startExecution({
    content: playbookOf(size, origin),
    workload: { elements: Array.from({ length: size.elements }, (_, index) => index) },
    trigger: { type: 'cli' },
  })
  const peakBytes = await untilEnded(executionId, worker.pid, size)
  const wallMs = performance.now() - startedAt
  const { bytes } = await usageOf(worker.pid)
  const tenthsMs = await firstAndLastTenth(executionId, size)
  return { ...size, wallMs, tenthsMs, bytes, peakBytes, diskBytes: (await diskBytes()) - diskBefore }
}

/** Waits for the end, and gives back the most memory the worker was seen with meanwhile. */
async function untilEnded(executionId: string, pid: number, { elements, pages }: Size): Promise<number> {
  let peakBytes = 0
  for (const until = Date.now() + GIVE_UP_MS; Date.now() < until; await sleep(POLL_MS)) {
    peakBytes = Math.max(peakBytes, (await usageOf(pid)).bytes)
    const { rows } = await pool().query<{ status: string; pages: number; error: unknown }>(
      'SELECT status, pages, error FROM noetl.execution WHERE execution_id = $1',
      [executionId],
    )
    const [row] = rows
    if (row === undefined || row.status === 'PENDING' || row.status === 'RUNNING') continue
    if (row.status === 'COMPLETED' && row.pages === elements * pages) return peakBytes
    throw new Error(`${elements} × ${pages}: ${row.status} with ${row.pages} pages ${JSON.stringify(row.error)}`)
  }
  throw new Error(`${elements} × ${pages} did not end within ${GIVE_UP_MS / 60_000} minutes`)
}

/** Milliseconds a page took in the first tenth of the run's pages and in the last: what grows within a run shows here. */
async function firstAndLastTenth(executionId: string, { elements, pages }: Size): Promise<[number, number]> {
  const tenth = Math.max(2, Math.floor((elements * pages) / 10))
  const spread = async (order: 'ASC' | 'DESC'): Promise<number> => {
    const { rows } = await pool().query<{ ms: number }>(
      `SELECT extract(epoch FROM max(created_at) - min(created_at))::float8 * 1000 AS ms FROM (
         SELECT created_at FROM noetl.page WHERE execution_id = $1 ORDER BY created_at ${order} LIMIT $2) p`,
      [executionId, tenth],
    )
    return (rows[0]?.ms ?? 0) / (tenth - 1)
  }
  return [await spread('ASC'), await spread('DESC')]
}

async function diskBytes(): Promise<number> {
  const { rows } = await pool().query<{ bytes: string }>(`SELECT pg_database_size(current_database()) AS bytes`)
  return Number(rows[0]?.bytes)
}

function check(rows: readonly Row[]): string[] {
  const perElement = rows.filter(({ pages }) => pages === 1)
  const [base] = perElement
  const slow = perElement.flatMap((row) => {
    const grown = base === undefined ? 0 : row.wallMs / row.elements / (base.wallMs / base.elements) - 1
    return grown <= FLAT ? [] : [`${row.elements} elements: an element takes ${Math.round(grown * 100)} % longer`]
  })
  const large = rows.flatMap(({ elements, pages, peakBytes }) =>
    peakBytes <= MOST_BYTES ? [] : [`${elements} × ${pages}: the worker grew to ${megabytes(peakBytes)} MB`],
  )
  return [...slow, ...large]
}

const HEADER = `  elements    pages     wall  ms/element  ms/page first, last tenth  memory MB now, highest  database bytes/page\n`

function lineOf({ elements, pages, wallMs, tenthsMs, bytes, peakBytes, diskBytes: disk }: Row): string {
  const all = elements * pages
  const columns: [string, number][] = [
    [elements.toLocaleString('en'), 10],
    [all.toLocaleString('en'), 10],
    [`${(wallMs / 1_000).toFixed(1)} s`, 10],
    [(wallMs / elements).toFixed(2), 12],
    [tenthsMs.map((ms) => ms.toFixed(2)).join(', '), 27],
    [`${megabytes(bytes)}, ${megabytes(peakBytes)}`, 24],
    [Math.round(disk / all).toLocaleString('en'), 21],
  ]
  return `${columns.map(([text, width]) => text.padStart(width)).join('')}\n`
}

const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20)

function playbookOf({ pages }: Size, origin: string): string {
  return `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: scale, path: bench/scale }
workload: { elements: [] }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: ${origin}/api/v1/assessments
    params: { element: "{{ n }}", pageSize: ${ITEMS_PER_PAGE}, total: ${pages * ITEMS_PER_PAGE}, delay_ms: 0 }
    loop: { collection: "{{ workload.elements }}", element: n, mode: async, concurrency: ${CONCURRENCY} }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
`
}

process.exit(await main())
