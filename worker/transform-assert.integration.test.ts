import { describe, expect, it } from 'vitest'
import { readExecution } from '@/server/executions/read-execution'
import { eventsOf, startEngine, statusOf, stepRow, storyOf } from './testing/start-engine'

const engine = await startEngine('postgresql')

describe('a transform', () => {
  it('reshapes the items of a paginated step, and later steps use what it made', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users"
    params: { page: 1, pageSize: 5 }
    retry:
      on_success:
        while: "{{ response.paging.page < 2 }}"
        max_attempts: 2
        next_call: { params: { page: "{{ response.paging.page + 1 }}" } }
        collect: { path: data, strategy: append, into: pages }
    next: [{ step: shape }]
  - step: shape
    tool: transform
    input: { rows: "{{ start.results }}", factor: "{{ workload.factor }}" }
    expression: '{ "ids": rows.id, "sum": $sum(rows.id) * factor, "text": "{{ stays }}" }'
    next: [{ step: each }]
  - step: each
    tool: transform
    input: "{{ id }}"
    expression: $ * 10
    loop: { collection: "{{ shape.ids }}", element: id, mode: async, concurrency: 4 }
    next: [{ step: check }]
  - step: check
    tool: assert
    that:
      - { name: sum, expr: "shape.sum == 110" }
      - { name: text, expr: "shape.text | length == 11" }
      - { name: in order, expr: "each.results == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]" }`),
    )
    expect((await readExecution(id)).expectations).toEqual([
      { name: 'check: sum', passed: true, actual: 110 },
      { name: 'check: text', passed: true, actual: 11 },
      { name: 'check: in order', passed: true, actual: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100] },
    ])
    expect(await statusOf(id)).toBe('COMPLETED')
  })

  it('fails its step with what JSONata said', async () => {
    const id = await engine.run(playbook(`  - { step: start, tool: transform, input: { a: x }, expression: a * 2 }`))
    expect(await errorOf(id)).toMatchObject({
      kind: 'template',
      message: expect.stringMatching(/^The transform's expression failed: .*number/),
    })
  })
})

describe('an assert', () => {
  it('shows each condition as passed or failed, all of them, and fails its step', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: assert
    that:
      - { name: one, expr: workload.factor == 2 }
      - { name: two, expr: workload.factor > 5 }
      - { name: three, expr: "workload.factor in [1, 2, 3]" }
    next: [{ step: never }]
  - { step: never }`),
    )
    expect(await statusOf(id)).toBe('FAILED')
    expect(await errorOf(id)).toEqual({ kind: 'assertion_failed', message: 'What should hold does not: two.' })
    const checks = (await eventsOf(id)).filter(({ event_type }) => event_type === 'expectation_checked')
    expect(
      checks.map(({ node_name, status, context }) => [node_name, status, context['name'], context['actual']]),
    ).toEqual([
      ['start', 'COMPLETED', 'start: one', 2],
      ['start', 'FAILED', 'start: two', 2],
      ['start', 'COMPLETED', 'start: three', true],
    ])
    expect(await storyOf(id)).not.toContain('step_started never')
  })

  it('shows the others when one can not be evaluated, which has failed, and says why', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: assert
    that:
      - { name: one, expr: workload.factor == 2 }
      - { name: two, expr: workload.factor.unit == 'm' }
      - { name: three, expr: workload.factor < 2 }`),
    )
    expect((await readExecution(id)).expectations).toEqual([
      { name: 'start: one', passed: true, actual: 2 },
      { name: 'start: two', passed: false, actual: null },
      { name: 'start: three', passed: false, actual: 2 },
    ])
    expect(await errorOf(id)).toEqual({
      kind: 'assertion_failed',
      message: 'What should hold does not: two (workload.factor is a number and has no unit), three.',
    })
  })

  it('in a loop names the elements for which something does not hold', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: assert
    loop: { collection: [{ name: a, n: 1 }, { name: b, n: 9 }, { name: c, n: 2 }], element: e, on_failure: continue }
    that: [{ name: small, expr: e.n < 5 }]`),
    )
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await stepRow(id, 'start')).toMatchObject({ completed: 2, failed: 1 })
    expect((await readExecution(id)).expectations).toEqual([{ name: 'start b: small', passed: false, actual: 9 }])
  })
})

const errorOf = async (executionId: string): Promise<unknown> =>
  (await eventsOf(executionId)).find(({ event_type }) => event_type === 'step_failed')?.context['error']

const playbook = (workflow: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: shapes, path: tests/shapes }
workload: { factor: 2 }
workflow:
${workflow}
`
