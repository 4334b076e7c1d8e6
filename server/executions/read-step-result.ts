import { DomainError } from '@/domain/domain-error'
import { collectedName, collectPages, type StoredPage } from '@/domain/execution/collect-pages'
import type { Step } from '@/domain/playbook/playbook'
import { fromExactJsonb } from '../db/exact-jsonb'
import type { Queryable } from '../db/pool'
import { stepOf, type Run } from './load-run'

/** What templates may hold of a step at once; more belongs into a sink or an export. */
const MAX_RESULT_BYTES = 64 * 1024 * 1024

type StepRow = { status: string; result: Record<string, unknown> | null; bytes: string }
type IterationRow = { index: number; status: string; value: string | null }
/** With `http` as sinks see it: headers as they are stored, masked, and no URL, which is stored without its query. */
export type NumberedPage = StoredPage & {
  page: number
  http: { status: number; headers: Record<string, string> }
}
type PageRowOfIteration = StoredPage & { index: number }

/**
 * A finished step as templates see it: `status`, `stats`, and with `values` also `results` in collection order (null where
 * an iteration has none) and, without a loop, `result` and the fields of a result that is an object. Null if it has not ended.
 */
export async function readStepResult(
  client: Queryable,
  run: Run,
  { step: name, values }: { step: string; values: boolean },
): Promise<Record<string, unknown> | null> {
  const { rows } = await client.query<StepRow>({
    name: 'read-step-result',
    text: `SELECT status, result, (SELECT coalesce(sum(bytes), 0) FROM noetl.page p
             WHERE p.execution_id = s.execution_id AND p.step = s.step AND $3) AS bytes
           FROM noetl.step s WHERE execution_id = $1 AND step = $2 AND status IN ('COMPLETED', 'FAILED')`,
    values: [run.executionId, name, values],
  })
  const row = rows[0]
  if (row === undefined) return null
  const summary = { status: row.status.toLowerCase(), ...row.result }
  if (!values) return summary
  if (Number(row.bytes) > MAX_RESULT_BYTES) throw tooLarge(name, Number(row.bytes))
  const step = stepOf(run, name)
  const results = await readValues(client, run.executionId, step)
  if (step.loop !== null) return { ...summary, results }
  const result = results[0] ?? null
  const fields = typeof result === 'object' && !Array.isArray(result) ? result : {}
  const collected = collectedName(step)
  const named = collected === null ? {} : { [collected]: result }
  return { ...fields, ...named, ...summary, result, results: Array.isArray(result) ? result : results }
}

/** The result of a loop whose elements have all ended, before the step itself has. Throws DomainError when it is too large to be held. */
export async function readLoopResult(
  client: Queryable,
  run: Run,
  { step, values }: { step: Step; values: boolean },
): Promise<Record<string, unknown>> {
  const { rows } = await client.query<{ stats: Record<string, unknown>; bytes: string }>({
    name: 'read-loop-result',
    text: `SELECT jsonb_build_object('total', collection_size, 'success', completed, 'failed', failed, 'skipped', skipped,
               'pages', pages, 'items', items) AS stats,
             (SELECT coalesce(sum(bytes), 0) FROM noetl.page p
              WHERE p.execution_id = s.execution_id AND p.step = s.step AND $3) AS bytes
           FROM noetl.step s WHERE execution_id = $1 AND step = $2`,
    values: [run.executionId, step.step, values],
  })
  const bytes = Number(rows[0]?.bytes ?? 0)
  if (bytes > MAX_RESULT_BYTES) throw tooLarge(step.step, bytes)
  const stats = rows[0]?.stats ?? {}
  return values ? { results: await readValues(client, run.executionId, step), stats } : { stats }
}

async function readValues(client: Queryable, executionId: string, step: Step): Promise<unknown[]> {
  const { rows } = await client.query<IterationRow>({
    name: 'read-iteration-values',
    text: `SELECT iteration_index AS index, status, CASE WHEN $3 THEN NULL ELSE (checkpoint -> 'result')::text END AS value
           FROM noetl.iteration WHERE execution_id = $1 AND step = $2 AND iteration_index >= 0 ORDER BY iteration_index`,
    values: [executionId, step.step, step.tool === 'http'],
  })
  if (step.tool !== 'http')
    return rows.map(({ status, value }) => (status === 'COMPLETED' ? fromExactJsonb(value) : null))
  const pages = await readPages(client, executionId, step.step)
  return rows.map(({ index, status }) => (status === 'COMPLETED' ? collectPages(step, pages.get(index) ?? []) : null))
}

async function readPages(client: Queryable, executionId: string, step: string): Promise<Map<number, StoredPage[]>> {
  const { rows } = await client.query<PageRowOfIteration>({
    name: 'read-step-pages',
    text: `SELECT iteration_index AS index, body::text, items_path AS "itemsPath", items::text FROM noetl.page
           WHERE execution_id = $1 AND step = $2 ORDER BY iteration_index, page`,
    values: [executionId, step],
  })
  const pages = new Map<number, StoredPage[]>()
  for (const row of rows) pages.set(row.index, (pages.get(row.index) ?? []).concat(row))
  return pages
}

const HTTP = `json_build_object('status', status, 'headers', response_headers) AS http`

/** The saved pages of one iteration, in order. Throws DomainError when they are too large to be held. */
export async function readIterationPages(
  client: Queryable,
  at: { executionId: string; step: string; index: number },
): Promise<NumberedPage[]> {
  const { rows } = await client.query<NumberedPage & { total: string }>({
    name: 'read-iteration-pages',
    text: `SELECT page, body::text, items_path AS "itemsPath", items::text, ${HTTP}, sum(bytes) OVER () AS total FROM noetl.page
           WHERE execution_id = $1 AND step = $2 AND iteration_index = $3 ORDER BY page`,
    values: [at.executionId, at.step, at.index],
  })
  const bytes = Number(rows[0]?.total ?? 0)
  if (bytes > MAX_RESULT_BYTES) throw tooLarge(at.step, bytes)
  return rows
}

/** The saved pages of one iteration, in order and one at a time: a few small ones, or one large one, are in memory. */
export async function* iterationPages(
  client: Queryable,
  at: { executionId: string; step: string; index: number },
): AsyncGenerator<NumberedPage> {
  for (let after = -1; ;) {
    const { rows } = await client.query<NumberedPage>({
      name: 'read-next-pages',
      text: `SELECT page, body::text, items_path AS "itemsPath", items::text, http FROM (
               SELECT *, sum(bytes) OVER (ORDER BY page ROWS UNBOUNDED PRECEDING) - bytes AS before FROM (
                 SELECT page, body, items_path, items, bytes, ${HTTP} FROM noetl.page
                 WHERE execution_id = $1 AND step = $2 AND iteration_index = $3 AND page > $4 ORDER BY page LIMIT 100
               ) AS ahead
             ) AS near WHERE before < 4194304 ORDER BY page`,
      values: [at.executionId, at.step, at.index, after],
    })
    const last = rows.at(-1)
    if (last === undefined) return
    yield* rows
    after = last.page
  }
}

function tooLarge(step: string, bytes: number): DomainError {
  const mib = (value: number): number => Math.ceil(value / 1024 / 1024)
  return new DomainError(
    'template',
    `A template asks for the results of step "${step}", which are ${mib(bytes)} MiB; at most ${mib(MAX_RESULT_BYTES)} MiB can be used in templates.`,
    { hint: `Use ${step}.stats, or store the items with a sink (per: page) and read them from its table.` },
  )
}
