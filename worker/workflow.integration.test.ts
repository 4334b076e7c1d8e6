import { describe, expect, it } from 'vitest'
import { readExecution } from '@/server/executions/read-execution'
import { readSnapshot } from '@/server/executions/read-snapshot'
import { retryExecution } from '@/server/executions/retry-execution'
import { eventsOf, startEngine, statusOf, stepRow, storyOf, untilEnded } from './testing/start-engine'

const engine = await startEngine('postgresql')

describe('a workflow', () => {
  it('runs a join once, after the longest of the branches that lead to it', async () => {
    const id = await engine.run(
      playbook(`  - { step: start, next: [{ step: short }, { step: long }] }
  - { step: short, tool: postgres, statement: SELECT 1 AS n, next: [{ step: join }] }
  - { step: long, tool: postgres, statement: SELECT pg_sleep(0.1), next: [{ step: longer }] }
  - { step: longer, tool: postgres, statement: SELECT 2 AS n, next: [{ step: join }] }
  - { step: join, tool: assert, that: [{ name: both, expr: "short.rows[0].n + longer.rows[0].n == 3" }], next: [{ step: end }] }
  - { step: end }`),
    )
    expect(await statusOf(id)).toBe('COMPLETED')
    const story = await storyOf(id)
    expect(story.filter((line) => line === 'step_started join')).toHaveLength(1)
    expect(story.indexOf('step_started join')).toBeGreaterThan(story.indexOf('step_result longer'))
    expect(story.filter((line) => line === 'step_started end')).toHaveLength(1)
  })

  it.each([
    [5, ['small', 'end'], ['large', 'other']],
    [50, ['large', 'end'], ['small', 'other']],
    [500, ['other', 'end'], ['small', 'large']],
  ])('with %i goes where when holds, or else where else says', async (n, taken, skipped) => {
    const id = await engine.run(
      playbook(`  - step: start
    next:
      - { step: small, when: workload.n < 10 }
      - { step: large, when: "{{ workload.n >= 10 and workload.n < 100 }}" }
      - { step: other, else: true }
  - { step: small, next: [{ step: end }] }
  - { step: large, next: [{ step: end }] }
  - { step: other, next: [{ step: end }] }
  - { step: end }`),
      { n },
    )
    const story = await storyOf(id)
    for (const step of taken) expect(story).toContain(`step_result ${step}`)
    for (const step of skipped) expect(story).toContain(`step_skipped ${step}`)
    expect(story.at(-1)).toBe('playbook_completed')
  })

  it('joins what was taken when a branch is skipped together with all behind it', async () => {
    const id = await engine.run(
      playbook(`  - { step: start, next: [{ step: left }, { step: right, when: workload.n > 1000 }] }
  - { step: left, tool: postgres, statement: SELECT 1, next: [{ step: join }] }
  - { step: right, next: [{ step: further }] }
  - { step: further, next: [{ step: join }] }
  - { step: join, tool: assert, that: [{ name: absent, expr: "right is not defined" }], next: [{ step: last }] }
  - { step: last, tool: transform, input: "{{ right.status }}", expression: $ }`),
    )
    const story = await storyOf(id)
    expect(story.filter((line) => line.startsWith('step_skipped'))).toEqual([
      'step_skipped right',
      'step_skipped further',
    ])
    expect(story).toContain('step_result join')
    const { error } = await readExecution(id)
    expect(error?.message).toContain('right is not defined')
    expect(error?.hint).toContain('The step right has not run here, or was skipped')
  })

  it('tells of each step that a failure left out, once for each time that the run failed', async () => {
    const id = await engine.run(
      playbook(`  - { step: start, next: [{ step: fails }, { step: other, when: workload.n > 1000 }] }
  - { step: fails, tool: postgres, statement: SELECT 1/0, next: [{ step: join }] }
  - { step: other, next: [{ step: join }] }
  - { step: join, next: [{ step: end }] }
  - { step: end }`),
    )
    const told = ['step_skipped other', 'step_failed fails', 'step_skipped join', 'step_skipped end', 'playbook_failed']
    const story = (await storyOf(id)).filter((line) => /skipped|failed/.test(line) && !line.startsWith('action'))
    expect(story).toEqual(told)
    const stepsOf = async () => (await readSnapshot(id)).view.steps.map(({ name, status }) => `${name} ${status}`)
    const ended = ['start COMPLETED', 'fails FAILED', 'other SKIPPED', 'join SKIPPED', 'end SKIPPED']
    expect(await stepsOf()).toEqual(ended)
    await retryExecution(id, { scope: 'failed' })
    await untilEnded(id)
    const again = (await storyOf(id)).filter((line) => /skipped|failed/.test(line) && !line.startsWith('action'))
    expect(again).toEqual([...told, ...told.slice(1)])
    expect(await stepsOf()).toEqual(ended)
  })

  it('tells what was wrong with a when, although another branch still ran', async () => {
    const id = await engine.run(
      playbook(`  - { step: start, next: [{ step: odd }, { step: slow }] }
  - { step: odd, tool: transform, input: 1, expression: $, next: [{ step: after, when: odd.result.x == 1 }] }
  - { step: slow, tool: postgres, statement: "SELECT pg_sleep(0.3)", next: [{ step: after }] }
  - { step: after }`),
    )
    expect((await eventsOf(id)).at(-1)?.context['error']).toMatchObject({
      kind: 'template',
      message: 'Step "odd" failed: odd.result is a number and has no x',
    })
  })

  it('lets a running branch end when another has failed, and begins nothing after that', async () => {
    const id = await engine.run(
      playbook(`  - { step: start, next: [{ step: bad }, { step: slow }] }
  - { step: bad, tool: postgres, statement: SELECT 1/0 }
  - { step: slow, tool: postgres, statement: SELECT pg_sleep(0.3), next: [{ step: after }] }
  - { step: after }`),
    )
    expect(await statusOf(id)).toBe('FAILED')
    const story = await storyOf(id)
    expect(story).toEqual(expect.arrayContaining(['step_failed bad', 'step_result slow']))
    expect(story).not.toContain('step_started after')
  })
})

describe('a loop', () => {
  it('takes elements by where, sorts them, and cuts them to the limit, in this order', async () => {
    const id = await engine.run(
      loop(
        `collection: "{{ workload.people }}"
      element: person
      where: person.age >= 18
      order_by: -person.age
      limit: "{{ 1 + 1 }}"`,
        '{{ person.name }} {{ _loop.index }} {{ _loop.count }}/{{ _loop.size }}',
      ),
      { people: PEOPLE },
    )
    expect(await results(id)).toEqual(['Cid 0 1/2', 'Ann 1 2/2'])
    const started = (await eventsOf(id)).find(({ event_type }) => event_type === 'iterator_started')
    expect(started?.context).toMatchObject({ total_count: 4, collection_size: 2 })
  })

  it('iterates the entries of an object as key and value', async () => {
    const id = await engine.run(
      loop('collection: { b: 1, a: { deep: 2 } }\n      element: e', '{{ e.key }}={{ e.value | tojson }}'),
    )
    expect(await results(id)).toEqual(['b=1', 'a={"deep":2}'])
  })

  it('hands out batches when chunked', async () => {
    const id = await engine.run(
      loop(
        'collection: "{{ range(7) }}"\n      element: batch\n      mode: chunked\n      chunk_size: 3',
        "{{ batch | join(',') }}",
      ),
    )
    expect(await results(id)).toEqual(['0,1,2', '3,4,5', '6'])
    const started = (await eventsOf(id)).find(({ event_type }) => event_type === 'iterator_started')
    expect(started?.context).toMatchObject({ total_count: 7, collection_size: 3, mode: 'chunked' })
  })

  it('keeps results in the order of the collection, whatever ended first', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: postgres
    statement: SELECT {{ n }}::int AS n FROM pg_sleep({{ (10 - n) / 100 }}::float8)
    loop: { collection: "{{ range(10) }}", element: n, mode: async, concurrency: 10 }
    next: [{ step: check }]
  - step: check
    tool: assert
    that: [{ name: order, expr: "start.results | map(attribute='rows') | map('first') | map(attribute='n') | list == range(10)" }]`),
    )
    expect((await readExecution(id)).expectations).toMatchObject([{ name: 'check: order', passed: true }])
  })

  it('hands nested lists on as they are: the results of a loop over pages are a list for each element', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users"
    params: { pageSize: "{{ n }}" }
    loop: { collection: [1, 3, 2], element: n, mode: async, concurrency: 3 }
    retry:
      on_success: { max_attempts: 1, next_call: { params: { page: 2 } }, collect: { path: data, strategy: append, into: pages } }
    next: [{ step: check }]
  - step: check
    tool: assert
    that: [{ name: nested, expr: "start.results | map('length') | list == [1, 3, 2]" }]`),
    )
    expect((await readExecution(id)).expectations).toEqual([{ name: 'check: nested', passed: true, actual: [1, 3, 2] }])
  })

  it('with on_failure: continue completes its execution, with failures in its stats, a null among the results', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: postgres
    statement: SELECT 10 / {{ n }}::int AS n
    loop: { collection: [1, 0, 2], element: n, on_failure: continue }
    next: [{ step: check }]
  - step: check
    tool: assert
    that:
      - { name: failed, expr: "start.stats.failed == 1 and start.stats.success == 2" }
      - { name: gap, expr: "start.results[1] is none and start.results[2].rows[0].n == 5" }`),
    )
    const execution = await readExecution(id)
    expect(execution).toMatchObject({ status: 'COMPLETED', stats: { elements: 3, failed: 1 } })
    expect(execution.expectations.every(({ passed }) => passed)).toBe(true)
    expect(await stepRow(id, 'start')).toMatchObject({ status: 'COMPLETED', completed: 2, failed: 1 })
  })
})

const PEOPLE = [
  { name: 'Ann', age: 30 },
  { name: 'Bob', age: 9 },
  { name: 'Cid', age: 41 },
  { name: 'Dee', age: 18 },
]

async function results(executionId: string): Promise<unknown> {
  return (await readExecution(executionId)).expectations.find(({ name }) => name === 'check: results')?.actual
}

const playbook = (workflow: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: flow, path: tests/flow }
workload: { n: 5, people: [] }
workflow:
${workflow}
`

const loop = (rules: string, text: string): string =>
  playbook(`  - step: start
    tool: transform
    input: ${JSON.stringify(text)}
    expression: "$"
    loop:
      ${rules}
    next: [{ step: check }]
  - { step: check, tool: assert, that: [{ name: results, expr: "start.results != []" }] }`)
