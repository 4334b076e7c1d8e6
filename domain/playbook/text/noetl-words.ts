import { dataMember } from '../template/values'

const MAX_SHOWN = 60

type Hints = Readonly<Record<string, string>>

const NO_CODE = 'There is no code in playbooks: a template calculates, `tool: transform` reshapes with JSONata.'
const BY_NAME = 'Nothing is handed over: a later step reads this one by its name, as {{ step_name.… }}.'
const BODY = 'Write `json` for a JSON body, `form` for a form, `body` for any other.'
const LOOP = 'Write `loop: { collection, element }` on the step that works.'
const STATEMENT = 'Write `statement`; each {{ }} in it becomes a bind parameter.'
const DATABASE = 'Write `credential: NAME`, a secret that holds postgres://…; without one it is the local database.'
const OWN_KEYS = 'Write its keys on the step itself, such as timeout and retry.'
const LEFT_OUT = 'Leave it out: nothing here reads it. A comment can keep it.'

const STEP: Hints = {
  ...all(['type', 'kind'], 'Write `tool: http`, postgres, transform, assert or playbook; start and end have none.'),
  ...all(['code', 'script', 'libs', 'code_b64'], NO_CODE),
  ...all(['vars', 'as', 'set', 'return_step', 'output', 'set_ctx'], BY_NAME),
  ...all(['in', 'iterator', 'collection', 'element', 'task', 'tasks'], LOOP),
  ...all(['args', 'with', 'input'], 'Write the templates where their values go: url, params, json, statement, data.'),
  ...all(['spec', 'call'], OWN_KEYS),
  save: 'Write `sink: { tool: postgres, table, data }`.',
  case: 'Write `next: [{ step, when }]` for the way on, `retry` for tries and pages, `sink` for what to save.',
  eval: 'Write `retry` for tries and pages, `fail_when` for what is an error.',
  when: 'Write it where the step is named: `next: [{ step, when }]`.',
  pagination: 'Write `paginate: { type, … }`, or `retry: { on_success: … }`.',
}
const HTTP: Hints = { endpoint: 'Write `url`.', ...all(['payload', 'data', 'args'], BODY) }
const POSTGRES: Hints = {
  ...all(['query', 'sql', 'command', 'commands', 'command_b64'], STATEMENT),
  ...all(['auth', 'connection', 'db_host', 'db_name', 'db_user', 'db_password', 'db_port'], DATABASE),
}
const NEXT: Hints = {
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the language
  then: 'Each step is an entry of its own: `next: [{ step, when }]`.',
  ...all(['args', 'data', 'with', 'input', 'payload'], 'Nothing is handed over: the step reads others by their name.'),
}
const POLICY: Hints = {
  per_iteration: 'Write `sink` itself: it runs once an iteration, or with `per: page` once a page.',
  attempts: 'Write `max_attempts`.',
  backoff: 'Write `backoff_multiplier`.',
  delay: 'Write `initial_delay`.',
}

/** By the words for an object: keys of NoETL's dialects that are none here, with what to write. */
const KEYS: Readonly<Record<string, Hints>> = {
  'a playbook': {
    ...all(['name', 'path', 'description'], 'Write it in `metadata`.'),
    ...all(['vars', 'environment', 'context', 'input'], 'Write `workload`, which templates read as {{ workload.… }}.'),
    ...all(['executor', 'version'], LEFT_OUT),
    workbook: 'Write each of its tasks as a step of the workflow.',
    keychain: 'Name a secret where it is used: {{ secret.NAME }}.',
    steps: 'Write `workflow`.',
  },
  metadata: all(['version', 'author', 'tags', 'labels', 'owner', 'title'], LEFT_OUT),
  'a step without a tool': STEP,
  'an http step': { ...STEP, ...HTTP },
  'a postgres step': { ...STEP, ...POSTGRES },
  'a playbook step': {
    ...STEP,
    ...all(['args', 'with', 'input', 'payload', 'data'], 'Write `workload`: the inputs of that playbook.'),
  },
  'a transform step': { ...STEP, ...all(['args', 'with', 'data'], 'Write `input`.') },
  'an assert step': { ...STEP, ...all(['conditions', 'expects'], 'Write `that: [{ name, expr }]`.') },
  'a loop': {
    ...all(['in', 'items', 'over'], 'Write `collection`.'),
    ...all(['iterator', 'as'], 'Write `element`.'),
    ...all(['max_in_flight', 'max_parallel'], 'Write `concurrency`, with `mode: async`.'),
    spec: 'Write `mode`, `concurrency` and the others on the loop itself.',
    filter: 'Write `where`.',
    until: 'Write `limit` for a number, `where` for a condition: a loop goes over its whole collection.',
    pagination: 'Write `paginate`, or `retry: { on_success: … }`, on the step beside `loop`.',
  },
  'a sink': { ...POSTGRES, ...all(['args', 'payload', 'rows'], 'Write `data: { column: value }`.') },
  'an entry of next': NEXT,
  next_call: all(['args', 'data', 'payload', 'endpoint'], 'Write `params`, `json`, `body`, `headers` or `url`.'),
  retry: { ...POLICY, when: 'Write `on_error: { when, max_attempts, … }`, or `retry_when`.' },
  on_error: POLICY,
  on_success: POLICY,
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the language
  then: POLICY,
}

/** What to write for a key of NoETL that the object, named by its words, doesn't have; null where that is not known. */
export const hintForKey = (words: string, key: string): string | null => own(own(KEYS, words), key)

const TOOLS: Hints = {
  ...all(['python', 'script', 'container', 'shell', 'rhai'], NO_CODE),
  ...all(['duckdb', 'snowflake', 'ducklake', 'clickhouse'], 'Write `tool: postgres`, the one kind of database here.'),
  ...all(['iterator', 'loop'], LOOP),
  ...all(['noop', 'start', 'end'], 'Leave `tool` out: a step without one only routes.'),
  secrets: 'Name a secret where it is used: {{ secret.NAME }}.',
  workbook: 'Write the task itself as this step.',
}

/** What to write for a value of NoETL that a key doesn't take here; null where that is not known. */
export function hintForValue(path: readonly PropertyKey[], value: unknown): string | null {
  const key = path.at(-1)
  if (key === 'tool') return typeof value === 'string' ? own(TOOLS, value) : hintForTool(value)
  if (path.at(-2) === 'next' && typeof key === 'number' && typeof value === 'string')
    return `Write { step: ${value.slice(0, MAX_SHOWN)} }.`
  if (typeof value !== 'string') return null
  if (key === 'next') return `Write \`next: [{ step: ${value.slice(0, MAX_SHOWN)} }]\`.`
  if (key === 'auth') return 'Write `credential: NAME` for a stored one, or an object with a `type`.'
  if (key === 'mode' && value === 'parallel') return 'Write `async`, with `concurrency`.'
  if (key !== 'apiVersion' || !value.startsWith('noetl.io/')) return null
  return 'Only this version runs here; change the number once every step is written in it.'
}

function hintForTool(value: unknown): string | null {
  if (Array.isArray(value)) return 'Write a step for each tool, joined by `next`.'
  const kind = dataMember(value, 'kind')
  if (typeof kind !== 'string') return null
  return own(TOOLS, kind) ?? `Write \`tool: ${kind.slice(0, MAX_SHOWN)}\`, and its other keys beside it.`
}

const NAMES: Hints = {
  ...all(['vars', 'ctx', 'context'], 'Nothing is set: a step is read by its name, an input as workload.NAME.'),
  ...all(['iter', 'iterator'], 'The element is known by the name that `loop.element` gives it.'),
  ...all(['outcome', '_prev'], 'An answer is `response`, with its status as http.status; a failure is `error`.'),
  ...all(['keychain', 'credential', 'auth'], 'A secret is read as secret.NAME.'),
  _retry: 'The number of a try is error.attempt; pages are not counted in templates.',
  event: 'Conditions read the steps by name, as step_name.stats.failed.',
  job: 'The id of the run is execution_id.',
}

/** What to write for a name that NoETL's templates know and these don't; null where that is not known. */
export const hintForName = (name: string): string | null => own(NAMES, name)

function all(keys: readonly string[], hint: string): Hints {
  return Object.fromEntries(keys.map((key) => [key, hint]))
}

function own<Value>(table: Readonly<Record<string, Value>> | null, key: string): Value | null {
  return table !== null && Object.hasOwn(table, key) ? (table[key] ?? null) : null
}
