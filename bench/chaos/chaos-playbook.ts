/** How much a run of chaos has to do. */
export type Size = { elements: number; pages: number; delayMs: number }

const ITEMS_PER_PAGE = 3
const KEPT_ELEMENTS = 2
const KEPT_PAGES = 2

/** Where the sinks of chaos store their rows; a run of its own makes it, before anything goes wrong. */
export const SET_UP = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: chaos_set_up, path: chaos/set_up }
workflow:
  - step: start
    tool: postgres
    statement: CREATE SCHEMA kept; CREATE TABLE kept.rows (run text, name text)
`

/** A loop of many pages with a sink at its end, then elements each with a sink of its own. */
export const CHAOS_PLAYBOOK = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: chaos, path: chaos/pages }
workload: { elements: [], total: 0, delay: 0 }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments"
    params: { run: "{{ execution_id }}", step: fetch, element: "{{ n }}", pageSize: ${ITEMS_PER_PAGE}, total: "{{ workload.total }}", delay_ms: "{{ workload.delay }}" }
    timeout: 3
    loop: { collection: "{{ workload.elements }}", element: n, mode: async, concurrency: 3 }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
    retry: { on_error: { max_attempts: 60, initial_delay: 0.3, backoff_multiplier: 1.5, max_delay: 1.5 } }
    sink: { tool: postgres, statement: "INSERT INTO kept.rows VALUES ({{ execution_id }}, 'the whole loop')" }
    next: [{ step: keep }]
  - step: keep
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments"
    params: { run: "{{ execution_id }}", step: keep, element: "{{ n }}", pageSize: ${ITEMS_PER_PAGE}, total: ${KEPT_PAGES * ITEMS_PER_PAGE}, delay_ms: "{{ workload.delay }}" }
    timeout: 3
    loop: { collection: [0, 1], element: n, mode: async, concurrency: 2 }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
    retry: { on_error: { max_attempts: 60, initial_delay: 0.3, backoff_multiplier: 1.5, max_delay: 1.5 } }
    sink: { tool: postgres, per: iteration, statement: "INSERT INTO kept.rows VALUES ({{ execution_id }}, {{ 'element ' ~ n }})" }
`

export const workloadOf = ({ elements, pages, delayMs }: Size) => ({
  elements: Array.from({ length: elements }, (_, index) => index),
  total: pages * ITEMS_PER_PAGE,
  delay: delayMs,
})

/** What a whole run of this size has on record. */
export const outcomeOf = ({ elements, pages }: Omit<Size, 'delayMs'>) => ({
  steps: {
    fetch: { elements, pages, items: ITEMS_PER_PAGE },
    keep: { elements: KEPT_ELEMENTS, pages: KEPT_PAGES, items: ITEMS_PER_PAGE },
  },
  sinkRows: KEPT_ELEMENTS + 1,
})
