import { expect, type APIRequestContext } from '@playwright/test'

export const DEMO = 'tests/pagination/loop_with_pagination/loop_with_pagination'

/** Starts a run over the API and answers its id. */
export async function startRun(request: APIRequestContext, body: Record<string, unknown>): Promise<string> {
  const response = await request.post('/api/run/playbook', { data: body })
  expect(response.status(), await response.text()).toBe(202)
  const { execution_id: id }: { execution_id: string } = await response.json()
  return id
}

/** Waits until a run has ended and answers its status. */
export async function waitForEnd(request: APIRequestContext, id: string, timeout = 45_000): Promise<string> {
  let status = ''
  await expect
    .poll(
      async () => {
        const answer: { status: string } = await (await request.get(`/api/executions/${id}`)).json()
        status = answer.status
        return status
      },
      { timeout },
    )
    .toMatch(/COMPLETED|FAILED|CANCELLED/)
  return status
}

/** A run of the demo that has ended. */
export async function finishedDemo(request: APIRequestContext): Promise<string> {
  const id = await startRun(request, { path: DEMO })
  expect(await waitForEnd(request, id)).toBe('COMPLETED')
  return id
}

type Endpoint = { name: string; path: string }

/** A playbook over endpoints of the sample API, all their pages, as a text that is saved nowhere. */
export const loopOver = (
  endpoints: readonly Endpoint[],
  { concurrency = 1, onFailure = 'continue' } = {},
): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: endpoints, path: e2e/endpoints }
workload:
  server_url: "{{ secret.PAGINATED_API_URL }}"
  endpoints: ${JSON.stringify(endpoints)}
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    method: GET
    url: "{{ workload.server_url }}{{ endpoint.path }}"
    params: { page: 1, pageSize: 10 }
    loop:
      collection: "{{ workload.endpoints }}"
      element: endpoint
      mode: ${concurrency === 1 ? 'sequential' : 'async'}
${concurrency === 1 ? '' : `      concurrency: ${concurrency}\n`}      on_failure: ${onFailure}
    retry:
      on_error:
        when: "{{ error.status in [429, 500, 502, 503, 504] }}"
        max_attempts: 3
        initial_delay: 0.8
        backoff_multiplier: 2.0
      on_success:
        while: "{{ response.paging.hasMore == true }}"
        max_attempts: 50
        next_call: { params: { page: "{{ (response.paging.page | int) + 1 }}" } }
        collect: { strategy: append, path: data, into: pages }
    next: [{ step: end }]
  - step: end
`
