import type { QueryResult } from 'pg'
import { DomainError } from '@/domain/domain-error'
import { stringifyPreciseJson } from '@/domain/json-precise'
import type { PostgresAction } from '@/domain/playbook/playbook'
import { budgetAtOnce } from '@/domain/playbook/template/budget'
import { renderDeep, type Scope } from '@/domain/playbook/template/evaluate-template'
import { bindStatement } from '@/domain/playbook/template/bind-statement'
import { secretNames } from '@/domain/playbook/template/secret-text'
import type { Queryable } from '../db/pool'
import { leavesTraces } from '../db/session-traces'
import { jsonbText, storableText } from '../db/to-jsonb'
import { getTypeParser } from '../postgres/cell-as-value'
import { jsonPlaces } from './json-places'
import { refuseCopy } from './refuse-copy'
import { refused, type SqlResult } from './sql-result'
import { storeRows, type RowBatches } from './store-rows'

/**
 * Runs a postgres action inside the caller's transaction; `rows` stand for its data where they are too many to be a value
 * of a template. Throws DomainError `statement_refused` with what the database said; the transaction is then to be rolled
 * back.
 */
export async function runSqlAction(
  client: Queryable,
  action: PostgresAction,
  { scope, rows }: { scope: Scope; rows?: RowBatches },
): Promise<SqlResult> {
  return action.kind === 'rows'
    ? storeRows(client, action, rows ?? [rowsOf(renderDeep(action.data, scope))])
    : runStatement(client, action, scope)
}

/** One row, or a list of them; lists of lists are the results of several pages or elements. */
const rowsOf = (data: unknown): unknown[] => (Array.isArray(data) ? data.flat(2).filter((row) => row !== null) : [data])

async function runStatement(
  client: Queryable,
  { statement, params }: Extract<PostgresAction, { kind: 'statement' }>,
  scope: Scope,
): Promise<SqlResult> {
  const bound = bindStatement(statement, scope)
  if (bound.values.length > 0 && params.length > 0) {
    throw new DomainError(
      'statement_refused',
      'A statement takes its values either from {{ }} in its text or from params, not from both.',
    )
  }
  refuseCopy(bound.text)
  leavesTraces(client)
  const given = params.length > 0 ? renderAll(params, scope) : bound.values
  const json = given.some(isPlainList) ? await jsonPlaces(client, bound.text) : new Set()
  const values = given.map((value, place) => toParameter(value, json.has(place)))
  const before = await sessionOf(client)
  const ask = async () => client.query<Record<string, unknown>>({ text: bound.text, values, types: { getTypeParser } })
  const result = await refused(ask, /read[\s_]+only/i.test(bound.text))
  if ((await putBackTimeouts(client, before)) !== before.transaction) {
    throw new DomainError(
      'statement_refused',
      'The statement ended its transaction (COMMIT or ROLLBACK); it is run in one together with the record of its success.',
    )
  }
  // Several statements without values come back as a list of results.
  const last: QueryResult<Record<string, unknown>> | undefined = Array.isArray(result) ? result.at(-1) : result
  const columns = last?.fields.map(({ name }) => name) ?? []
  return { table: tableOf(statement), rowCount: last?.rowCount ?? 0, columns, rows: last?.rows ?? [] }
}

/** Out of one budget, as the `{{ }}` in a statement are. */
function renderAll(params: readonly unknown[], scope: Scope): unknown[] {
  const budget = budgetAtOnce()
  return params.map((param) => renderDeep(param, scope, budget))
}

/** Lists of plain values become SQL arrays, unless JSON is wanted; anything deeper is JSON. */
function toParameter(value: unknown, isJson: boolean): unknown {
  if (secretNames(value).length > 0) {
    throw new DomainError('statement_refused', 'A statement can not be given a secret: it would be stored in the open.')
  }
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return storableText(value)
  if (typeof value !== 'object' || value === null) return value ?? null
  if (isJson || !isPlainList(value)) return jsonbText(stringifyPreciseJson(value))
  return value.map((item) => (typeof item === 'string' ? storableText(item) : item))
}

const isPlainList = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)

type Session = { transaction: string; timeouts: Record<string, string> }

async function sessionOf(client: Queryable): Promise<Session> {
  const { rows } = await client.query<Session>(SESSION)
  const [session] = rows
  if (session === undefined) throw new Error('The database did not say which transaction this is.')
  return session
}

/** `transaction_timeout` is not known to every version of PostgreSQL. */
const SESSION = `
  SELECT txid_current()::text AS transaction, json_object_agg(name, current_setting(name, true)) AS timeouts
  FROM unnest('{statement_timeout,lock_timeout,idle_in_transaction_session_timeout,transaction_timeout}'::text[]) name`

/** Time-outs are for the statement that sets them, not for what is done after it; which transaction this is now. */
async function putBackTimeouts(client: Queryable, { timeouts }: Session): Promise<string | undefined> {
  const { rows } = await refused(async () =>
    client.query<{ transaction: string }>({
      text: `SELECT txid_current()::text AS transaction, count(set_config(key, value, false))
             FROM json_each_text($1) WHERE value IS NOT NULL`,
      values: [JSON.stringify(timeouts)],
    }),
  )
  return rows[0]?.transaction
}

/** The table a plain statement is about, for the log; null when it can't be told at a glance. */
const tableOf = (statement: string): string | null =>
  /^\s*(?:insert\s+into|update|delete\s+from|create\s+table(?:\s+if\s+not\s+exists)?)\s+([\w."]+)/i.exec(
    statement,
  )?.[1] ?? null
