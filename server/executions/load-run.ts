import { createHash } from 'node:crypto'
import { z } from 'zod'
import { DomainError } from '@/domain/domain-error'
import type { Json, JsonObject } from '@/domain/json'
import type { Playbook, Step } from '@/domain/playbook/playbook'
import { fromExactJsonb } from '../db/exact-jsonb'
import type { Queryable } from '../db/pool'
import { parsedPlaybook } from '../playbooks/parsed-playbook'
import { onlyElementsSchema, type OnlyElements } from './only-elements'

/** What never changes during an execution (P10): its playbook's text and its workload, templates unrendered. */
export type Run = {
  executionId: string
  playbook: Playbook
  workload: JsonObject
  /** Keys of the workload that whoever started the run gave: data, whatever they look like. */
  overrides: ReadonlySet<string>
  /** Set where a retry made this run for some elements. */
  only?: OnlyElements
}

type RunRow = { content: string; workload: string; overrides: string[] | null; only: unknown }

const KEPT = 200
const runs = new Map<string, Run>()

/** The playbook and workload of an execution, parsed once per process. Null when there is no such execution. */
export async function loadRun(client: Queryable, executionId: string): Promise<Run | null> {
  const known = runs.get(executionId)
  if (known !== undefined) return known
  const { rows } = await client.query<RunRow>({
    name: 'load-run',
    text: `SELECT c.content, e.workload::text, e.overrides, e.only_elements AS only FROM noetl.execution e
           JOIN noetl.playbook_content c ON c.hash = e.content_hash WHERE e.execution_id = $1`,
    values: [executionId],
  })
  const row = rows[0]
  if (row === undefined) return null
  const { playbook } = parsedPlaybook(row.content)
  if (playbook === null) throw unreadable(executionId)
  const run: Run = {
    executionId,
    playbook,
    workload: inOrder(playbook.workload, workloadOf(row.workload), row.overrides),
    overrides: new Set(row.overrides),
    ...(row.only !== null && { only: onlyElementsSchema.parse(row.only) }),
  }
  if (runs.size >= KEPT) runs.delete(runs.keys().next().value ?? '')
  runs.set(executionId, run)
  return run
}

/** What was saved by another version of the program may be none of its playbooks any more. */
export const unreadable = (executionId: string): DomainError =>
  new DomainError(
    'conflict',
    `The playbook of execution ${executionId} can not be read by this version of the program.`,
    { hint: 'Retry it with the newest version of the playbook.' },
  )

/** By the text of its column; as in a playbook, integers beyond 2^53 are bigint. */
export const workloadOf = (text: string): JsonObject => z.custom<JsonObject>().parse(fromExactJsonb(text))

/**
 * The inputs in the order of the playbook, in which each sees those before it; `jsonb` has an order of its own, and only so
 * many digits. What the run gave comes from its row.
 */
function inOrder(own: JsonObject, workload: JsonObject, overrides: RunRow['overrides']): JsonObject {
  const given = new Set(overrides ?? Object.keys(workload))
  const entries = Object.keys({ ...own, ...workload }).map((key): [string, Json] => [
    key,
    (given.has(key) ? workload[key] : own[key]) ?? null,
  ])
  return Object.fromEntries(entries)
}

/** The key under which a playbook's text is kept. */
export const contentHash = (content: string): string => createHash('sha256').update(content).digest('hex')

/** A step by its name. Throws when the playbook has none: the validator refuses such a playbook. */
export function stepOf(run: Run, name: string): Step {
  const step = run.playbook.workflow.find((candidate) => candidate.step === name)
  if (step === undefined) throw new Error(`The playbook has no step "${name}".`)
  return step
}
