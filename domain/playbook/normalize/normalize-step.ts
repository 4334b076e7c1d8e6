import type { WrittenRetry } from '../pagination-plan'
import type { HttpStep, Loop, PostgresAction, PostgresStep, Sink, Step } from '../playbook'
import type { SinkSource } from '../schema/postgres-schema'
import type { HttpStepSource, LoopSource, PostgresStepSource, StepSource } from '../schema/step-schema'
import { isDataObject, ownValue } from '../template/values'
import { expressionTemplate, optionalExpression, orderBy } from './expression-template'
import { normalizeAuth } from './normalize-auth'
import { normalizePaginate } from './normalize-paginate'
import { normalizeRetry } from './normalize-retry'

/** One step of the workflow; `raw` is the same step before any default was filled in. */
export function normalizeStep(source: StepSource, raw: unknown): Step {
  switch (source.tool) {
    case 'http':
      return { ...httpStep(source), written: writtenRetry(raw) }
    case 'postgres':
      return { ...postgresStep(source), written: writtenRetry(raw) }
    case 'transform':
      return { ...working(source), tool: 'transform', input: source.input, expression: source.expression }
    case 'assert': {
      const that = source.that.map(({ name, expr }) => ({ name, expr: expressionTemplate(expr) }))
      return { ...working(source), tool: 'assert', that }
    }
    case 'playbook':
      return { ...working(source), tool: 'playbook', path: source.path, workload: source.workload ?? {} }
    case undefined:
      return { ...common(source), tool: null, loop: null, sinks: [] }
  }
}

function common(source: StepSource) {
  const next = source.next ?? []
  return {
    step: source.step,
    description: source.desc ?? null,
    next: next.map((entry) => ({
      step: entry.step,
      when: optionalExpression(entry.when),
      else: entry.else === true,
    })),
  }
}

type WorkingSource = Exclude<StepSource, { tool?: undefined }>

function working(source: WorkingSource, pageSink: SinkSource | null = null) {
  const sinks = [
    ...(pageSink === null ? [] : [normalizeSink(pageSink, 'iteration')]),
    ...(source.sink === undefined ? [] : [normalizeSink(source.sink, 'step')]),
  ]
  return { ...common(source), loop: source.loop === undefined ? null : normalizeLoop(source.loop), sinks }
}

function httpStep(source: HttpStepSource): HttpStep {
  const { retry, pagination, sink } = normalizeRetry(source.retry)
  const { rate_limit: rateLimit, paginate } = source
  return {
    ...working(source, sink),
    tool: 'http',
    method: source.method.includes('{{') ? source.method : source.method.toUpperCase(),
    url: source.url,
    params: source.params ?? null,
    headers: source.headers ?? null,
    ...(source.body === undefined ? {} : { body: source.body }),
    ...(source.json === undefined ? {} : { json: source.json }),
    form: source.form ?? null,
    auth: normalizeAuth(source),
    timeoutSeconds: source.timeout,
    idleTimeoutSeconds: source.idle_timeout,
    maxResponseBytes: source.max_response_bytes,
    response: source.response,
    failWhen: optionalExpression(source.fail_when),
    crossOrigin: source.cross_origin,
    rateLimit: rateLimit === undefined ? null : { requests: rateLimit.requests, perSeconds: rateLimit.per },
    retry,
    pagination: paginate === undefined ? pagination : normalizePaginate(paginate),
    written: {},
  }
}

function postgresStep(source: PostgresStepSource): PostgresStep {
  return {
    ...working(source),
    tool: 'postgres',
    credential: source.credential ?? null,
    action: postgresAction(source),
    retry: normalizeRetry(source.retry).retry,
    written: {},
  }
}

function writtenRetry(raw: unknown): WrittenRetry {
  if (!isDataObject(raw)) return {}
  const retry = ownValue(raw, 'retry')
  const paginate = ownValue(raw, 'paginate')
  return {
    ...(retry === null ? {} : { retry: retry.value }),
    ...(paginate === null ? {} : { paginate: paginate.value }),
  }
}

function normalizeLoop(source: LoopSource): Loop {
  const order = source.order_by === undefined ? null : orderBy(source.order_by)
  return {
    collection: source.collection,
    element: source.element,
    mode: source.mode,
    concurrency: source.mode === 'async' ? (source.concurrency ?? 10) : 1,
    chunkSize: source.chunk_size ?? null,
    where: optionalExpression(source.where),
    orderBy: order === null ? null : { expression: order.expression, descending: order.descending },
    limit: source.limit ?? null,
    onFailure: source.on_failure,
  }
}

function normalizeSink(source: SinkSource, per: Sink['per']): Sink {
  return {
    tool: source.tool,
    per: source.per ?? per,
    credential: source.credential ?? null,
    action: postgresAction(source),
  }
}

function postgresAction(source: SinkSource | PostgresStepSource): PostgresAction {
  const { statement, params = [], table = '', mode = 'insert', key = [], data = null } = source
  if (statement !== undefined) return { kind: 'statement', statement, params }
  return { kind: 'rows', table, mode, key: [key].flat(), data }
}
