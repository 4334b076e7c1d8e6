import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks'
import { pool } from '../db/pool'
import { processWide } from '../db/process-wide'
import { streamHub } from '../sse/stream-hub'

type Metric = {
  name: string
  help: string
  type: 'gauge' | 'counter'
  values: readonly [labels: string, value: number][]
}

/** The state of the system in Prometheus's text format. Every query is answered from an index, however much was ever run. */
export async function readMetrics(): Promise<string> {
  const [executions, iterations, workers, heads] = await Promise.all([
    countBy(`SELECT status AS label, count(*)::int AS value FROM noetl.execution
      WHERE status IN ('PENDING', 'RUNNING', 'PAUSED') GROUP BY status`),
    countBy(`SELECT i.status AS label, count(*)::int AS value FROM noetl.execution e
      JOIN noetl.step s ON s.execution_id = e.execution_id AND s.status = 'RUNNING'
      JOIN noetl.iteration i ON i.execution_id = s.execution_id AND i.step = s.step AND i.status IN ('RUNNING', 'WAITING')
      WHERE e.status IN ('RUNNING', 'PAUSED') GROUP BY i.status`),
    countBy(`SELECT ready::text AS label, count(*)::int AS value FROM noetl.worker
      WHERE seen_at > clock_timestamp() - interval '10 seconds' GROUP BY ready`),
    countBy(`SELECT 'executions' AS label, coalesce(max(execution_id), 0)::float8 AS value FROM noetl.execution
      UNION ALL SELECT 'events', coalesce(max(event_id), 0)::float8 FROM noetl.event`),
  ])
  const head = new Map(heads.map(({ label, value }) => [label, value]))
  return [
    gauge('executions_active', 'Executions that are not settled.', labelled('status', executions)),
    gauge('elements_active', 'Elements that fetch or wait.', labelled('status', iterations)),
    gauge('workers', 'Workers with a fresh heartbeat, by whether they hear their queue.', labelled('ready', workers)),
    counter('execution_ids_total', 'The highest execution id given.', head.get('executions') ?? 0),
    counter('event_ids_total', 'The highest event id given.', head.get('events') ?? 0),
    gauge('stream_viewers', 'Event streams open in this process.', [['', streamHub().viewers()]]),
    gauge('database_connections', 'Connections of this process to the database.', [
      ['{state="idle"}', pool().idleCount],
      ['{state="used"}', pool().totalCount - pool().idleCount],
      ['{state="wanted"}', pool().waitingCount],
    ]),
    gauge('process_resident_memory_bytes', 'Memory of this process.', [['', process.memoryUsage.rss()]]),
    gauge('process_uptime_seconds', 'Age of this process.', [['', process.uptime()]]),
    gauge('event_loop_delay_p99_seconds', 'How late timers of this process come.', [
      ['', loopDelay().percentile(99) / 1e9],
    ]),
  ]
    .map(asText)
    .join('')
}

async function countBy(text: string): Promise<{ label: string; value: number }[]> {
  const { rows } = await pool().query<{ label: string; value: number }>(text)
  return rows
}

const loopDelay = (): IntervalHistogram =>
  processWide('loop-delay', () => {
    const histogram = monitorEventLoopDelay({ resolution: 20 })
    histogram.enable()
    return histogram
  })

const gauge = (name: string, help: string, values: Metric['values']): Metric => ({ name, help, type: 'gauge', values })
const counter = (name: string, help: string, value: number): Metric => ({
  name,
  help,
  type: 'counter',
  values: [['', value]],
})

const labelled = (label: string, counts: readonly { label: string; value: number }[]): [string, number][] =>
  counts.map((count) => [`{${label}=${JSON.stringify(count.label)}}`, count.value])

function asText({ name, help, type, values }: Metric): string {
  const full = `pageturner_${name}`
  const lines = values.map(([labels, value]) => `${full}${labels} ${value}\n`)
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('')}`
}
