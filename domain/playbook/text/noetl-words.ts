import { TOOL_NAMES } from '../schema/step-schema'
import { ofWord, sameHint, type Hints } from '../template/hints'
import { dataMember } from '../template/values'

const MAX_SHOWN = 60

const NO_CODE =
  'There is no code in playbooks: a template calculates, `tool: transform` reshapes with JSONata, `tool: assert` checks.'
const BY_NAME = 'Nothing is handed over: a later step reads this one by its name, as {{ step_name.… }}.'
const BODY = 'Write `json` for a JSON body, `form` for a form, `body` for any other.'
const LOOP = 'Write `loop: { collection, element }` on the step that works.'
const STATEMENT = 'Write `statement`; each {{ }} in it becomes a bind parameter.'
const DATABASE = 'Write `credential: NAME`, a secret that holds postgres://…; without one it is the local database.'
const OWN_KEYS = 'Write its keys on the step itself, such as timeout and retry.'
const LEFT_OUT = 'Leave it out: nothing here reads it. A comment can keep it.'

const STEP: Hints = {
  ...sameHint(
    ['type', 'kind'],
    'Write `tool: http`, postgres, transform, assert or playbook; start and end have none.',
  ),
  ...sameHint(['code', 'script', 'libs', 'code_b64'], NO_CODE),
  ...sameHint(['vars', 'as', 'set', 'return_step', 'output', 'set_ctx', 'result', 'return', 'pass'], BY_NAME),
  timeout: 'It goes with `tool: http`; a database has its own statement_timeout.',
  ...sameHint(['in', 'iterator', 'collection', 'element', 'task', 'tasks'], LOOP),
  end_loop: 'A step after that loop reads its results: {{ step_name.results }}.',
  ...sameHint(['run', 'after'], 'Steps follow each other by `next` alone.'),
  ...sameHint(
    ['args', 'with', 'input'],
    'Write the templates where their values go: url, params, json, statement, data.',
  ),
  ...sameHint(['spec', 'call'], OWN_KEYS),
  save: 'Write `sink: { tool: postgres, table, data }`.',
  case: 'Write `next: [{ step, when }]` for the way on, `retry` for tries and pages, `sink` for what to save.',
  eval: 'Write `retry` for tries and pages, `fail_when` for what is an error.',
  when: 'Write it where the step is named: `next: [{ step, when }]`.',
  pagination: 'Write `paginate: { type, … }`, or `retry: { on_success: … }`.',
}
/** A step whose tool was forgotten, or is written elsewhere. */
const ROUTE: Hints = {
  ...STEP,
  ...sameHint(
    ['url', 'method', 'params', 'headers', 'body', 'json', 'form', 'paginate', 'retry', 'endpoint'],
    'It goes with `tool: http`.',
  ),
  ...sameHint(['statement', 'table', 'command', 'commands', 'query', 'sql'], 'It goes with `tool: postgres`.'),
  ...sameHint(['loop', 'sink'], 'A step without a tool only routes: write its `tool`.'),
  ...sameHint(['auth', 'credential'], 'It goes with `tool: http` or postgres.'),
  that: 'It goes with `tool: assert`.',
  expression: 'It goes with `tool: transform`.',
}
const HTTP: Hints = {
  endpoint: 'Write `url`.',
  verify_ssl: 'Leave it out: certificates are always checked. http:// needs none.',
  follow_redirects: 'Leave it out: redirects are followed, to another origin only where `cross_origin` names it.',
  ...sameHint(['payload', 'data', 'args'], BODY),
}
const POSTGRES: Hints = {
  ...sameHint(['parameters', 'bind'], 'Write `params`, for $1, $2 … of the statement.'),
  pool: 'Leave it out: connections are kept for all.',
  ...sameHint(['query', 'sql', 'command', 'commands', 'command_b64'], STATEMENT),
  ...sameHint(['auth', 'connection', 'db_host', 'db_name', 'db_user', 'db_password', 'db_port'], DATABASE),
}
const NEXT: Hints = {
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the language
  then: 'Each step is an entry of its own: `next: [{ step, when }]`.',
  ...sameHint(['cond', 'condition'], 'Write `when`.'),
  ...sameHint(['set', 'vars', 'spec', 'mode'], 'Leave it out: an entry only says where to go on, and when.'),
  ...sameHint(
    ['args', 'data', 'with', 'input', 'payload'],
    'Nothing is handed over: the step reads others by their name.',
  ),
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
    ...sameHint(['name', 'path', 'description'], 'Write it in `metadata`.'),
    ...sameHint(
      ['vars', 'environment', 'context', 'input'],
      'Write `workload`, which templates read as {{ workload.… }}.',
    ),
    ...sameHint(['executor', 'version', 'spec', 'tracing'], LEFT_OUT),
    ctx: 'Write `workload`, which templates read as {{ workload.… }}.',
    ...sameHint(['workbook', 'workbooks'], 'Write each of its tasks as a step of the workflow.'),
    keychain: 'Name a secret where it is used: {{ secret.NAME }}.',
    steps: 'Write `workflow`.',
  },
  metadata: sameHint(['version', 'author', 'tags', 'labels', 'owner', 'title'], LEFT_OUT),
  'a step without a tool': ROUTE,
  'an http step': { ...STEP, ...HTTP },
  'a postgres step': { ...STEP, ...POSTGRES },
  'a playbook step': {
    ...STEP,
    ...sameHint(['args', 'with', 'input', 'payload', 'data'], 'Write `workload`: the inputs of that playbook.'),
    retry: 'The steps of that playbook have their own `retry`.',
  },
  'a transform step': { ...STEP, ...sameHint(['args', 'with', 'data'], 'Write `input`.') },
  'an assert step': { ...STEP, ...sameHint(['conditions', 'expects'], 'Write `that: [{ name, expr }]`.') },
  'a loop': {
    ...sameHint(['in', 'items', 'over'], 'Write `collection`.'),
    ...sameHint(['iterator', 'as'], 'Write `element`.'),
    ...sameHint(['max_in_flight', 'max_parallel'], 'Write `concurrency`, with `mode: async`.'),
    spec: 'Write `mode`, `concurrency` and the others on the loop itself.',
    filter: 'Write `where`.',
    distribution: 'Leave it out: `mode: async` spreads the elements over all workers.',
    until: 'Write `limit` for a number, `where` for a condition: a loop goes over its whole collection.',
    pagination:
      'Write it on the step, without `loop` unless there is a collection: `retry: { on_success: { while, next_call, max_attempts, collect: { path, strategy } } }`, or `paginate`.',
  },
  'a sink': { ...POSTGRES, ...sameHint(['args', 'payload', 'rows'], 'Write `data: { column: value }`.') },
  'an entry of next': NEXT,
  next_call: sameHint(['args', 'data', 'payload', 'endpoint'], 'Write `params`, `json`, `body`, `headers` or `url`.'),
  retry: { ...POLICY, when: 'Write `on_error: { when, max_attempts, … }`, or `retry_when`.' },
  on_error: POLICY,
  on_success: POLICY,
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the language
  then: POLICY,
}

/** What to write for a key of NoETL that the object, named by its words, doesn't have; null where that is not known. */
export const hintForKey = (words: string, key: string): string | null => ofWord(ofWord(KEYS, words), key)

const TOOLS: Hints = {
  ...sameHint(['python', 'script', 'container', 'shell', 'rhai'], NO_CODE),
  ...sameHint(
    ['duckdb', 'snowflake', 'ducklake', 'clickhouse'],
    'Write `tool: postgres`, the one kind of database here.',
  ),
  ...sameHint(['iterator', 'loop'], LOOP),
  ...sameHint(['noop', 'start', 'end'], 'Leave it out: a step without a tool only routes.'),
  ...sameHint(
    ['transfer', 'snowflake_transfer'],
    'Write a step that reads, `tool: http` or postgres, with a `sink` that writes.',
  ),
  save: 'Write `sink` on the step whose result it saves, or `tool: postgres` with table and data.',
  secrets: 'Name a secret where it is used: {{ secret.NAME }}.',
  playbooks: 'Write `tool: playbook`, with `loop` for several.',
  workbook: 'Write the task itself as this step.',
}

/** What to write for a value of NoETL that a key doesn't take here; null where that is not known. */
export function hintForValue(path: readonly PropertyKey[], value: unknown): string | null {
  const key = path.at(-1)
  if (key === 'tool') return typeof value === 'string' ? ofWord(TOOLS, value) : hintForTool(value)
  if (path.at(-2) === 'next' && typeof key === 'number' && typeof value === 'string')
    return `Write { step: ${value.slice(0, MAX_SHOWN)} }.`
  if (typeof value !== 'string') return null
  if (key === 'next') return `Write \`next: [{ step: ${value.slice(0, MAX_SHOWN)} }]\`.`
  if (key === 'auth') return 'Write `credential: NAME` for a stored one, or an object with a `type`.'
  if (key === 'mode' && value === 'parallel') return 'Write `async`, with `concurrency`.'
  if (key === 'path' && path.length === 2 && value.startsWith('/')) return 'Write it without the / before it.'
  if (key === 'step') return hintForStepName(value)
  if (key !== 'apiVersion' || !value.startsWith('noetl.io/')) return null
  return 'Only this version runs here; change the number once every step is written in it.'
}

function hintForStepName(value: string): string | null {
  const name = value
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replaceAll(/^[0-9_]+|_+$/g, '')
    .slice(0, MAX_SHOWN)
  return name === '' || value.includes('{{') ? null : `Write \`${name}\`, here and where it is named.`
}

/** What to write for a key of NoETL that is missing under its name here; null where that is not known. */
export function hintForMissing(path: readonly PropertyKey[]): string | null {
  const isAuth = path.at(-1) === 'type' && path.at(-2) === 'auth'
  return isAuth
    ? 'Write `credential: NAME` on the step for a stored one, or its `type` here.'
    : ofWord(MISSING, String(path.at(-1)))
}

const MISSING: Hints = {
  metadata: 'Write `metadata: { name, path }`.',
  collection: 'Write a list, or a template that gives one.',
}

/** What to write for a tool of NoETL that is none here; null for any other word. */
export const hintForForeignTool = (word: string): string | null => ofWord(TOOLS, word)

function hintForTool(value: unknown): string | null {
  if (Array.isArray(value)) return 'Write a step for each tool, joined by `next`.'
  const kind = dataMember(value, 'kind')
  if (typeof kind !== 'string') return null
  if (TOOL_NAMES.some((name) => name === kind)) return `Write \`tool: ${kind}\`, and its other keys beside it.`
  return (
    ofWord(TOOLS, kind) ??
    `There is no tool \`${kind.slice(0, MAX_SHOWN)}\` here: what it does can be called by \`tool: http\`.`
  )
}

const NAMES: Hints = {
  ...sameHint(['vars', 'ctx', 'context'], 'Nothing is set: a step is read by its name, an input as workload.NAME.'),
  ...sameHint(['iter', 'iterator'], 'The element is known by the name that `loop.element` gives it.'),
  ...sameHint(['outcome', '_prev'], 'An answer is `response`, with its status as http.status; a failure is `error`.'),
  ...sameHint(['keychain', 'credential', 'auth'], 'A secret is read as secret.NAME.'),
  _retry: 'The number of a try is error.attempt; pages are not counted in templates.',
  output: 'A step is read by its name, its answer in `retry` and `sink` as response.',
  ...sameHint(['args', 'payload', 'spec'], 'An input is read as workload.NAME, a step by its name.'),
  event: 'Conditions read the steps by name, as step_name.stats.failed.',
  job: 'The id of the run is execution_id.',
}

/** What to write for a name that NoETL's templates know and these don't; null where that is not known. */
export const hintForName = (name: string): string | null => ofWord(NAMES, name)

/** All of it, for the reference: where a word stands, the word, and what to write. */
export const DIALECT_WORDS: readonly { where: string; words: Hints }[] = [
  ...['a playbook', 'metadata'].map((where) => ({ where, words: KEYS[where] ?? {} })),
  { where: '`tool`', words: TOOLS },
  { where: 'any step', words: STEP },
  { where: 'an http step', words: HTTP },
  { where: 'a postgres step, a sink', words: POSTGRES },
  { where: '`loop`', words: KEYS['a loop'] ?? {} },
  { where: '`next`', words: NEXT },
  { where: '`retry`', words: POLICY },
  { where: 'a template', words: NAMES },
]
