import { pointerTo } from '../text/json-pointer'
import { dataMember, isDataObject, ownKeys } from '../template/values'

/** The names a slot sees besides `secret`, `env` and `execution_id`. */
export type Sight =
  | 'workload'
  | 'steps'
  | 'element'
  | 'error'
  | 'response'
  | 'body'
  | 'item'
  | 'result'
  | 'iteration'
  | 'page'
  | 'try'
  | 'outcome'

/** One text of a playbook in which templates are evaluated. */
export type TemplateSlot = {
  pointer: string
  text: string
  /** `expression`: braces may be left out, and the value must be one expression. */
  kind: 'text' | 'expression' | 'order' | 'statement'
  sees: readonly Sight[]
  secrets: boolean
  /** The name of the loop's element, where `sees` has `element` and the step has a loop. */
  element: string | null
  /** The name that `collect.into` gives to the result, where `sees` has `result`. */
  collected: string | null
}

type Rule = { kind?: TemplateSlot['kind']; sees?: readonly Sight[]; secrets?: boolean }
type Rules = { readonly [key: string]: Rule | Rules | ((value: unknown) => Rules | Rule) }

const REQUEST: readonly Sight[] = ['workload', 'steps', 'element']
const PAGE: readonly Sight[] = [...REQUEST, 'response']
const ANSWERED: readonly Sight[] = [...PAGE, 'outcome']
const FAILURE: readonly Sight[] = [...ANSWERED, 'error']
const plain = { kind: 'text', sees: REQUEST, secrets: false } as const
const request = { kind: 'text', sees: REQUEST, secrets: true } as const
const nextRequest = { kind: 'text', sees: ANSWERED, secrets: true } as const
const condition = (sees: readonly Sight[]) => ({ kind: 'expression', sees, secrets: false }) as const

/** What a sink sees: `iteration` and what the request saw, unless it is the one of a whole loop, and the `page` of which it is. */
function sinkRules(per: 'loop' | 'iteration' | 'page', tool: string): Rules {
  const answer: Sight = tool === 'http' ? 'response' : 'body'
  const ofElement: readonly Sight[] = [...REQUEST, answer, 'result', 'iteration', ...(per === 'page' ? [per] : [])]
  const sees: readonly Sight[] = per === 'loop' ? ['workload', 'steps', 'result'] : ofElement
  return {
    statement: { kind: 'statement', sees, secrets: false },
    params: { ...plain, sees },
    data: { ...plain, sees },
  }
}

/** How often a sink runs, as it says or by where it stands. */
function perOf(sink: unknown, otherwise: 'loop' | 'iteration'): 'loop' | 'iteration' | 'page' {
  const per = dataMember(sink, 'per')
  return per === 'page' || per === 'iteration' ? per : otherwise
}

const SUCCESS: Rules = {
  while: condition(ANSWERED),
  max_attempts: plain,
  next_call: {
    params: nextRequest,
    headers: nextRequest,
    body: nextRequest,
    json: nextRequest,
    url: nextRequest,
    method: { ...nextRequest, secrets: false },
  },
  sink: (sink) => sinkRules(perOf(sink, 'iteration'), 'http'),
}
const RETRY_MAPPING: Rules = {
  on_error: { when: condition(FAILURE), '*': { when: condition(FAILURE) } },
  on_success: SUCCESS,
  retry_when: condition([...FAILURE, 'try']),
  stop_when: condition([...FAILURE, 'try']),
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the language
  '*': { when: condition(FAILURE), then: SUCCESS },
}
const PAGINATE: Rules = {
  start: plain,
  limit: plain,
  filter: condition([...PAGE, 'item']),
  stop: {
    when: condition(PAGE),
    item_when: condition([...PAGE, 'item']),
    max_pages: plain,
    max_items: plain,
  },
}
const LOOP: Rules = {
  // An element may carry a secret on to the request; events show it masked.
  collection: { ...request, sees: ['workload', 'steps'] },
  concurrency: { ...plain, sees: ['workload', 'steps'] },
  chunk_size: { ...plain, sees: ['workload', 'steps'] },
  limit: { ...plain, sees: ['workload', 'steps'] },
  where: condition(REQUEST),
  order_by: { kind: 'order', sees: REQUEST, secrets: false },
}
const AUTH: Rules = {
  token: request,
  username: request,
  password: request,
  value: request,
  token_url: request,
  client_id: request,
  client_secret: request,
  scope: request,
  audience: request,
}
const COMMON: Rules = {
  loop: LOOP,
  next: { '*': { when: condition(['workload', 'steps']) } },
}
const BY_TOOL: Readonly<Record<string, Rules>> = {
  http: {
    ...COMMON,
    method: plain,
    url: request,
    params: request,
    headers: request,
    body: request,
    json: request,
    form: request,
    auth: AUTH,
    cross_origin: plain,
    fail_when: condition(PAGE),
    retry: RETRY_MAPPING,
    paginate: PAGINATE,
  },
  postgres: {
    ...COMMON,
    statement: { kind: 'statement', sees: REQUEST, secrets: false },
    params: plain,
    data: plain,
    retry: RETRY_MAPPING,
  },
  transform: { ...COMMON, input: plain },
  assert: { ...COMMON, that: { '*': { expr: condition(REQUEST) } } },
  playbook: { ...COMMON, path: plain, workload: plain },
}
const PLAYBOOK: Rules = {
  workload: { kind: 'text', sees: ['workload'], secrets: true },
  workflow: { '*': (step) => ({ ...(BY_TOOL[toolOf(step)] ?? COMMON), sink: sinkOf(step) }) },
  expect: { '*': { that: condition(['workload', 'steps']) } },
}

function sinkOf(step: unknown): Rules {
  const loops = dataMember(step, 'loop') !== undefined
  return sinkRules(perOf(dataMember(step, 'sink'), loops ? 'loop' : 'iteration'), toolOf(step))
}

/** Every text of a playbook that is evaluated, with what it may see; everything else is taken as it stands. */
export function templateSlots(playbook: unknown): TemplateSlot[] {
  const slots: TemplateSlot[] = []
  visit(playbook, PLAYBOOK, { pointer: '', element: null, collected: null, slots })
  return slots
}

type Visit = { pointer: string; element: string | null; collected: string | null; slots: TemplateSlot[] }

function visit(value: unknown, rule: Rule | Rules, at: Visit): void {
  if (isRule(rule)) return collect(value, rule, at)
  const element = elementOf(value) ?? at.element
  const collected = collectedIn(value) ?? at.collected
  for (const [key, child] of childrenOf(value)) {
    const found = rule[Array.isArray(value) ? '*' : key]
    if (found === undefined) continue
    const next = typeof found === 'function' ? found(child) : found
    visit(child, next, { ...at, element, collected, pointer: pointerTo(at.pointer, key) })
  }
}

function collect(value: unknown, rule: Rule, at: Visit): void {
  if (typeof value === 'string') {
    const { kind = 'text', sees = [], secrets = false } = rule
    at.slots.push({
      pointer: at.pointer,
      text: value,
      kind,
      sees,
      secrets,
      element: at.element,
      collected: at.collected,
    })
    return
  }
  for (const [key, child] of childrenOf(value)) collect(child, rule, { ...at, pointer: pointerTo(at.pointer, key) })
}

function childrenOf(value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return value.map((item: unknown, index): [string, unknown] => [String(index), item])
  if (!isDataObject(value)) return []
  return ownKeys(value).map((key) => [key, value[key]])
}

const isRule = (rule: Rule | Rules): rule is Rule => Array.isArray(rule.sees)

function toolOf(step: unknown): string {
  const tool = dataMember(step, 'tool')
  return typeof tool === 'string' && Object.hasOwn(BY_TOOL, tool) ? tool : ''
}

function elementOf(value: unknown): string | null {
  const element = dataMember(dataMember(value, 'loop'), 'element')
  return typeof element === 'string' ? element : null
}

/** `into` of a step's pages, in either spelling of `retry`. */
function collectedIn(value: unknown): string | null {
  const retry = dataMember(value, 'retry')
  const policies: unknown[] = Array.isArray(retry)
    ? retry.map((entry: unknown) => dataMember(entry, 'then'))
    : [dataMember(retry, 'on_success')]
  const names = policies.map((policy) => dataMember(dataMember(policy, 'collect'), 'into'))
  return names.find((name) => typeof name === 'string') ?? null
}
