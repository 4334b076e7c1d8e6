import { isClosing } from '@/domain/execution/closing-iteration'
import { bodyOf, collectedName, collectPages } from '@/domain/execution/collect-pages'
import type { Sink, Step } from '@/domain/playbook/playbook'
import type { Scope } from '@/domain/playbook/template/evaluate-template'
import { fromExactJsonb } from '../db/exact-jsonb'
import { pool } from '../db/pool'
import type { ActionEnd } from './action-end'
import type { ElementWork } from './element-work'
import { readIterationPages, readLoopResult, type NumberedPage } from './read-step-result'
import { referencesOf } from './references-of'
import { storesResults } from './result-rows'

type Completed = Extract<ActionEnd, { end: 'completed' }>

/** Names that hold what the iteration gave, for which its pages must be read. */
const VALUES: ReadonlySet<string> = new Set(['result', 'this', 'response', 'http'])

/**
 * What the sinks of an iteration, or of a whole loop, see beside the names of its request: `result` (also `this`), the last page's body as
 * `response` with its `http`, and `iteration` {index, pages, items, stop_reason}. Pages are read only if a sink refers to what is in them.
 */
export async function sinkScope(work: ElementWork, sinks: readonly Sink[], end: Completed): Promise<Scope> {
  const { key, step, scope } = work
  const iteration = { index: key.index, pages: end.pages, items: end.items, stop_reason: end.stopReason }
  const base = { ...scope, iteration }
  const evaluated = sinks.filter(({ per, action }) => per !== 'page' && !storesResults(work, action))
  const read = referencesOf(evaluated.map(({ action }) => action)).filter(
    ([name]) => name !== undefined && (VALUES.has(name) || name === collectedName(step)),
  )
  if (read.length === 0) return base
  if (isClosing(key)) {
    const result = await readLoopResult(pool(), work.run, { step, values: read.some(([, part]) => part !== 'stats') })
    return { ...scope, result, this: result, response: null }
  }
  if (step.tool !== 'http') {
    const result = await readOwnResult(work)
    return { ...base, result, this: result, response: result }
  }
  const pages = await readIterationPages(pool(), key)
  const last = pages.at(-1)
  const http = last === undefined ? {} : { http: last.http }
  return { ...base, ...namesOf(step, collectPages(step, pages)), response: bodyOf(last), ...http }
}

/** What a sink `per: page` sees of one page: its own `result` and `response`, and `page`, its number. */
export function pageScope(work: ElementWork, base: Scope, stored: NumberedPage): Scope {
  const names = namesOf(work.step, collectPages(work.step, [stored]))
  return { ...base, page: stored.page, ...names, response: bodyOf(stored), http: stored.http }
}

function namesOf(step: Step, result: unknown): Record<string, unknown> {
  const name = collectedName(step)
  return { ...(name === null ? {} : { [name]: result }), result, this: result }
}

async function readOwnResult({ key }: ElementWork): Promise<unknown> {
  const { rows } = await pool().query<{ result: string | null }>({
    name: 'read-own-result',
    text: `SELECT (checkpoint -> 'result')::text AS result FROM noetl.iteration WHERE execution_id = $1 AND step = $2 AND iteration_index = $3`,
    values: [key.executionId, key.step, key.index],
  })
  return fromExactJsonb(rows[0]?.result ?? null)
}
