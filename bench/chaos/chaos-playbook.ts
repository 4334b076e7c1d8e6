import type { Expected } from '../history/history'

/** How much a run of chaos has to do. */
export type Size = { elements: number; pages: number; delayMs: number }

const ITEMS_PER_PAGE = 3
const KEPT_ELEMENTS = 2
const KEPT_PAGES = 2
const NESTED = 2

/** A loop of many pages with a sink at its end. */
const fetch = (concurrency: number): string => `  - step: fetch
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments"
    params: { run: "{{ execution_id }}", step: fetch, element: "{{ n }}", pageSize: ${ITEMS_PER_PAGE}, total: "{{ workload.total }}", delay_ms: "{{ workload.delay }}" }
    timeout: 3
    loop: { collection: "{{ workload.elements }}", element: n, mode: async, concurrency: ${concurrency} }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
    retry: { on_error: { max_attempts: 60, initial_delay: 0.3, backoff_multiplier: 1.5, max_delay: 1.5 } }
    sink: { tool: postgres, statement: "INSERT INTO kept.rows VALUES ({{ execution_id }}, 'the whole loop')" }
`

const playbook = (name: string, workflow: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: chaos_${name}, path: chaos/${name} }
workload: { elements: [], total: 0, delay: 0 }
workflow:
${workflow}`

/** Where the sinks of chaos store their rows; a run of its own makes it, before anything goes wrong. */
export const SET_UP = playbook(
  'set_up',
  `  - step: start
    tool: postgres
    statement: CREATE SCHEMA kept; CREATE TABLE kept.rows (run text, name text)
`,
)

/** A loop of many pages, then elements each with a sink of its own. */
export const pagesPlaybook = (concurrency = 3): string =>
  playbook(
    'pages',
    `  - step: start
    next: [{ step: fetch }]
${fetch(concurrency)}    next: [{ step: keep }]
  - step: keep
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments"
    params: { run: "{{ execution_id }}", step: keep, element: "{{ n }}", pageSize: ${ITEMS_PER_PAGE}, total: ${KEPT_PAGES * ITEMS_PER_PAGE}, delay_ms: "{{ workload.delay }}" }
    timeout: 3
    loop: { collection: [0, 1], element: n, mode: async, concurrency: 2 }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
    retry: { on_error: { max_attempts: 60, initial_delay: 0.3, backoff_multiplier: 1.5, max_delay: 1.5 } }
    sink: { tool: postgres, per: iteration, statement: "INSERT INTO kept.rows VALUES ({{ execution_id }}, {{ 'element ' ~ n }})" }
`,
  )

const runs = (path: string): string => `tool: playbook
    path: chaos/${path}
    workload: { elements: [0, 1], total: "{{ workload.total }}", delay: "{{ workload.delay }}" }`

/** One playbook that runs others, then one for each element, then has pages of its own. */
export const FAMILY_PLAYBOOK = playbook(
  'family',
  `  - step: start
    next: [{ step: alone }]
  - step: alone
    ${runs('nested')}
    next: [{ step: each }]
  - step: each
    ${runs('child')}
    loop: { collection: "{{ workload.elements }}", element: n, mode: async, concurrency: 3 }
    next: [{ step: fetch }]
${fetch(2)}`,
)

/** What a family runs, to be registered before. */
export const CHILD_PLAYBOOKS: readonly string[] = [
  playbook('child', `  - { step: start, next: [{ step: fetch }] }\n${fetch(2)}`),
  playbook(
    'nested',
    `  - step: start
    ${runs('child')}
    loop: { collection: ${JSON.stringify(indexesTo(NESTED))}, element: n, mode: sequential }
`,
  ),
]

export const workloadOf = ({ elements, pages, delayMs }: Size) => ({
  elements: indexesTo(elements),
  total: pages * ITEMS_PER_PAGE,
  delay: delayMs,
})

type Outcome = Required<Pick<Expected, 'steps' | 'children'>> & { sinkRows: number }

/** What a whole run of a playbook of chaos has on record, by the path of the playbook and its workload. */
export function outcomeOf(path: string, workload: { elements: number; total: number }): Outcome {
  const { elements, total } = workload
  const fetched = { fetch: { elements, pages: total / ITEMS_PER_PAGE, items: ITEMS_PER_PAGE } }
  const kept = { keep: { elements: KEPT_ELEMENTS, pages: KEPT_PAGES, items: ITEMS_PER_PAGE } }
  switch (path) {
    case 'chaos/pages':
      return { steps: { ...fetched, ...kept }, sinkRows: KEPT_ELEMENTS + 1, children: {} }
    case 'chaos/family':
      return { steps: fetched, sinkRows: 1, children: { alone: 1, each: elements } }
    case 'chaos/nested':
      return { steps: {}, sinkRows: 0, children: { start: NESTED } }
    case 'chaos/child':
      return { steps: fetched, sinkRows: 1, children: {} }
    default:
      throw new Error(`${path} is no playbook of chaos.`)
  }
}

function indexesTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
