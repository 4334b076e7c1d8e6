import type { Json, JsonObject } from '../json'
import type { Pagination, PlaybookRetry, WrittenRetry } from './pagination-plan'

/** Text that may hold `{{ … }}`; evaluate it with `evaluateTemplate` before use. */
export type Template = string

/** JSON whose strings may be templates; evaluate it with `renderDeep`. */
export type TemplateJson = Json

/** A number, or a template that must evaluate to one. */
export type NumberSetting = number | Template

export type Expectation = { name: string; that: Template }

/** `when` null: always. `else` true: taken when no entry with a `when` held. */
export type NextEntry = { step: string; when: Template | null; else: boolean }

export type Loop = {
  /** A template that gives a list or an object, or the list or object itself. */
  collection: TemplateJson
  element: string
  mode: 'sequential' | 'async' | 'chunked'
  /** Elements at once: 1 unless `mode` is `async` (default 10). */
  concurrency: NumberSetting
  /** Null unless `mode` is `chunked`. */
  chunkSize: NumberSetting | null
  where: Template | null
  orderBy: { expression: Template; descending: boolean } | null
  limit: NumberSetting | null
  onFailure: 'fail' | 'continue'
}

/** What goes to PostgreSQL: rows into a table, or one statement whose `{{ }}` are bind parameters. */
export type PostgresAction =
  | {
      kind: 'rows'
      /** `schema.table` or `table`; every segment is a plain identifier. */
      table: string
      mode: 'insert' | 'upsert'
      /** Columns of the unique key; empty unless `mode` is `upsert`. */
      key: string[]
      /** One row (an object), rows (a list), or a template that gives either. */
      data: TemplateJson
    }
  | { kind: 'statement'; statement: Template; params: TemplateJson[] }

/** `per` step: once with the step's result; iteration: after an element's last page; page: after each page. */
export type Sink = {
  tool: 'postgres'
  per: 'step' | 'iteration' | 'page'
  credential: string | null
  action: PostgresAction
}

export type WrittenAuth =
  | { type: 'bearer'; token: Template }
  | { type: 'basic'; username: Template; password: Template }
  | { type: 'api_key'; name: string; value: Template; in: 'header' | 'query' }
  | {
      type: 'oauth2_client_credentials'
      tokenUrl: Template
      clientId: Template
      clientSecret: Template
      scope: Template | null
      audience: Template | null
    }

/** `credential` names a secret that holds the auth object as JSON. */
export type Auth = WrittenAuth | { type: 'credential'; credential: string }

type StepCommon = {
  step: string
  description: string | null
  loop: Loop | null
  /** All sinks of the step, those written inside `on_success` or `then` included. */
  sinks: Sink[]
  next: NextEntry[]
}

export type HttpStep = StepCommon & {
  tool: 'http'
  method: Template
  url: Template
  params: TemplateJson | null
  headers: JsonObject | null
  /** Raw text, or JSON when not text. Undefined: none. */
  body?: TemplateJson
  json?: TemplateJson
  form: JsonObject | null
  auth: Auth | null
  timeoutSeconds: number
  idleTimeoutSeconds: number
  maxResponseBytes: number
  response: 'auto' | 'json' | 'ndjson' | 'text'
  failWhen: Template | null
  crossOrigin: Template[]
  rateLimit: { requests: number; perSeconds: number } | null
  retry: PlaybookRetry
  pagination: Pagination | null
  /** Retry and paginate as the author wrote them, for `nested_task` of `iterator_started`. */
  written: WrittenRetry
}

export type PostgresStep = StepCommon & {
  tool: 'postgres'
  credential: string | null
  action: PostgresAction
  retry: PlaybookRetry
  written: WrittenRetry
}

export type TransformStep = StepCommon & { tool: 'transform'; input: TemplateJson; expression: string }
export type AssertStep = StepCommon & { tool: 'assert'; that: { name: string; expr: Template }[] }
export type PlaybookStep = StepCommon & { tool: 'playbook'; path: Template; workload: JsonObject }

/** A step without a tool: it only says where to go on. */
export type RouteStep = StepCommon & { tool: null }

export type Step = HttpStep | PostgresStep | TransformStep | AssertStep | PlaybookStep | RouteStep

/** A checked playbook, every spelling of the language brought to one shape. */
export type Playbook = {
  name: string
  path: string
  description: string | null
  workload: JsonObject
  workflow: Step[]
  expect: Expectation[]
}
