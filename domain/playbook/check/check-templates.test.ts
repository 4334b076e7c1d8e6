import { expect, it } from 'vitest'
import { parsePlaybook } from '../parse-playbook'

const playbook = (that: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: a, path: a/b }
workload: { items: [1] }
workflow:
  - step: start
    next: [{ step: one }]
  - step: one
    tool: http
    url: http://a
    loop: { collection: "{{ workload.items }}", element: each }
    fail_when: http.status == 200 and http.headers.a
    next: [{ step: two }]
  - step: two
    tool: http
    url: http://a
expect:
  - { name: it, that: '${that}' }
`

const told = (that: string, env: string[] | null = null): string[] =>
  parsePlaybook(playbook(that), { env, secrets: null }).diagnostics.map(
    ({ line, column, severity, message, hint }) => `${line}:${column} ${severity} ${message} | ${hint}`,
  )

it('finds names that no step and no setting will have', () => {
  expect(told('one.stats.sucess == 1 and one.result')).toEqual([
    '18:24 error `one.stats` has no `sucess` | Did you mean `success`?',
    '18:50 error `one` has no `result` | Did you mean `results`?',
  ])
  expect(told('two.stats.count')).toEqual([
    '18:24 error `two.stats` has no `count` | It has: total, success, failed, skipped, pages, items.',
  ])
  expect(told('two.anything.at.all and one.results[0].x and one.status and one.stats.items')).toEqual([])
  expect(parsePlaybook(playbook('1').replace('http.headers.a', 'http.header.a')).diagnostics).toMatchObject([
    { message: '`http` has no `header`', hint: 'Did you mean `headers`?' },
  ])
})

it('knows what a sink is told of an answer', () => {
  const sink = (part: string) =>
    playbook('1').replace(
      '    next: [{ step: two }]',
      `    sink: { tool: postgres, table: a.b, per: page, data: { a: "{{ http.${part} }}" } }`,
    )
  expect(parsePlaybook(sink('headers.date')).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(parsePlaybook(sink('url')).diagnostics).toMatchObject([
    { message: '`http` has no `url`', hint: 'It has: status, headers.' },
    { code: 'unreachable_step' },
  ])
})

it.each([
  ['a: "{{ each }}{{ _loop.index }}{{ iteration.pages }}{{ http.status }}", b: "{{ result.results }}"', 4],
  ['a: "{{ each }}{{ _loop.index }}{{ iteration.pages }}{{ http.status }}" }, per: iteration, key: { b: 1', 0],
])('knows that a sink of a whole loop is of no element: %s', (data, faults) => {
  const lines = `    next: [{ step: two }]\n    sink: { tool: postgres, table: a.b, data: { ${data} } }\n`
  const text = playbook('1').replace('    next: [{ step: two }]\n  - step: two', `${lines}  - step: two`)
  const unknown = parsePlaybook(text).diagnostics.filter(({ message }) => message.endsWith('is not known here'))
  expect(unknown).toHaveLength(faults)
  for (const { hint } of unknown) expect(hint).toContain('write `per: iteration`')
})

it('warns of variables that templates may not read, where these are known', () => {
  expect(told('env.REGION', ['STAGE', 'REGION'])).toEqual([])
  expect(told('env.REGON', ['STAGE', 'REGION'])).toEqual([
    '18:24 warning `env` has no `REGON` | Did you mean `REGION`? Name it in PAGETURNER_TEMPLATE_ENV, which says what templates may read.',
  ])
  expect(told('env.REGION', [])).toEqual([
    '18:24 warning `env` has no `REGION` | Name it in PAGETURNER_TEMPLATE_ENV, which says what templates may read.',
  ])
  expect(told('env.REGION | default(1)', [])).toEqual([])
  expect(told('env.REGION')).toEqual([])
})

it('warns of secrets that have no value, where these are known', () => {
  const text = playbook('1').replace('url: http://a', 'url: "http://a/{{ secret.TOKN }}/{{ secret.OTHER }}"')
  const hints = parsePlaybook(text, { env: null, secrets: ['TOKEN', 'OTHER'] }).diagnostics.map(
    ({ severity, message, hint }) => `${severity} ${message} | ${hint}`,
  )
  expect(hints).toEqual([
    'warning `secret` has no `TOKN` | Did you mean `TOKEN`? Store it under Secrets, or set PAGETURNER_SECRET_ and its name for the workers.',
  ])
  expect(parsePlaybook(text).diagnostics).toEqual([])
})

it('warns of credentials that have no value, wherever they stand', () => {
  const sink = (name: string) => `{ tool: postgres, credential: ${name}, table: t, data: [] }`
  const text = playbook('1').replace(
    /url: http:\/\/a\n    loop/,
    `url: http://a
    credential: API_KEY
    sink: ${sink('MISSING')}
    retry: { on_success: { while: "{{ response.more }}", next_call: { params: { page: 2 } }, sink: ${sink('DATABSE')} } }
    loop`,
  )
  const found = (secrets: string[] | null): string[] =>
    parsePlaybook(text, { env: null, secrets }).diagnostics.map(
      ({ line, severity, message, hint }) => `${line} ${severity} ${message} | ${hint}`,
    )
  const remedy = 'Store it under Secrets, or set PAGETURNER_SECRET_ and its name for the workers.'
  expect(found(['API_KEY', 'DATABASE'])).toEqual([
    `12 warning there is no secret \`MISSING\` for this \`credential\` | ${remedy}`,
    `13 warning there is no secret \`DATABSE\` for this \`credential\` | Did you mean \`DATABASE\`? ${remedy}`,
  ])
  expect(found(null)).toEqual([])
})

it('says how a step is renamed whose name templates read as a subtraction', () => {
  const text = (use: string) =>
    playbook(use).replaceAll('step: one', 'step: my-step-1').replaceAll('step: two', 'step: other')
  const found = (use: string): string[] =>
    parsePlaybook(text(use)).diagnostics.map(
      ({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`,
    )
  const reading = '`my-step-1` reads as `my` minus `step` minus `1` in a template'
  expect(found('my-step-1.stats.items == 1')).toEqual([`18:24 ${reading} | Rename the step to \`my_step_1\`.`])
  expect(found('1 + other.stats.items + my-step-1.stats.items * 2')).toEqual([
    `18:48 ${reading} | Rename the step to \`my_step_1\`.`,
  ])
  expect(found('my_step_1.stats.items')).toEqual([
    '18:24 `my_step_1` is not known here | Rename the step `my-step-1` to `my_step_1`: with `-` its name reads as a subtraction.',
  ])
  expect(found('start-x.stats')[0]).toContain('`x` is not known here')
  expect(found('far.stats.items')[0]).toMatch(/Known here: workload, start, other, /)
  expect(found('other.stats.items-1')).toEqual([])
})
