import { describe, expect, it } from 'vitest'
import { parsePlaybook } from './parse-playbook'
import type { HttpStep } from './playbook'

const playbook = (lines: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: a, path: a/b }
workflow:
  - step: start
    tool: http
    url: http://api.test
${lines.replaceAll(/^/gm, '    ')}
`

function stepOf(lines: string): HttpStep {
  const { playbook: parsed, diagnostics } = parsePlaybook(playbook(lines))
  expect(diagnostics).toEqual([])
  const step = parsed?.workflow[0]
  if (step?.tool !== 'http') throw new Error('not an http step')
  return step
}

const told = (lines: string): string[] =>
  parsePlaybook(playbook(lines)).diagnostics.map(({ path, code, message, hint }) =>
    `${path} ${code} ${message} ${hint ?? ''}`.trim(),
  )

describe('retry', () => {
  it('may be true, false or a number of tries', () => {
    expect(stepOf('retry: true').retry).toEqual({ onError: [] })
    expect(stepOf('retry: false').retry.onError).toMatchObject([{ when: null, maxAttempts: 1 }])
    expect(stepOf('retry: 5').retry.onError).toMatchObject([{ when: null, maxAttempts: 5 }])
    expect(told('retry: 0')).toEqual([expect.stringContaining('/workflow/0/retry')])
  })

  it('knows the names of NoETL in its older form, and there only', () => {
    const flat = stepOf(
      'retry: { jitter: true, retry_when: "{{ status_code >= 500 or data.busy }}", stop_when: attempt > 2 and not success }',
    )
    expect(flat.retry.onError).toMatchObject([{ jitter: true, unless: '{{ attempt > 2 and not success }}' }])
    expect(told('retry: { on_error: { when: status_code == 500 } }')).toEqual([
      '/workflow/0/retry/on_error/when unknown_name `status_code` is not known here It is known in retry_when and stop_when; in other conditions of retry it is error.status.',
    ])
  })
})

describe('result and this', () => {
  const step = (while_: string): string => `retry:
  on_error: { when: "{{ result.status_code >= 500 and this.data is none }}" }
  on_success: { while: "${while_}", next_call: { params: { page: "{{ result.data.page + 1 }}" } } }`

  it('are known in retry', () => {
    expect(told(step('{{ result.data.more and this.success }}'))).toEqual([])
    expect(told('retry: { retry_when: result.status_code == 503 }')).toEqual([])
  })

  it('are known nowhere else in a request', () => {
    expect(told('params: { a: "{{ result }}" }')).toEqual([
      '/workflow/0/params/a unknown_name `result` is not known here It is known in retry and sink.',
    ])
    expect(told('fail_when: this.status_code == 200')).toEqual([
      '/workflow/0/fail_when unknown_name `this` is not known here It is known in retry and sink.',
    ])
  })
})

describe('the length of a template', () => {
  const long = (length: number): string => `{{ 1 }}${'x'.repeat(length - 7)}`
  const refusal = 'a template in one field may have 4096 characters, this one has 4097'

  it('is 4 KiB in a field, and the place is where it is too long', () => {
    expect(told(`headers: { a: "${long(4096)}" }`)).toEqual([])
    expect(told(`headers: { a: "${long(4097)}" }`)).toEqual([expect.stringContaining(refusal)])
    expect(told(`fail_when: "{{ ${' '.repeat(4100)}true }}"`)).toEqual([expect.stringContaining('4096 characters')])
    const { diagnostics } = parsePlaybook(playbook(`headers:\n  a: "${long(4097)}"`))
    const [{ line, column } = { line: 0, column: 0 }] = diagnostics
    const at = playbook(`headers:\n  a: "${long(4097)}"`)
      .split('\n')
      [line - 1]?.slice(column - 1)
    expect(at).toBe('x"')
  })

  it('is larger for a body, and no matter for text without a template', () => {
    expect(told(`method: POST\nbody: "${long(5000)}"`)).toEqual([])
    expect(told(`headers: { a: "${'x'.repeat(5000)}" }`)).toEqual([])
  })
})

describe('collect.into', () => {
  const collected = (into: string, data: string): string => `retry:
  on_success:
    while: "{{ response.more }}"
    next_call: { params: { page: 2 } }
    collect: { path: data, into: ${into} }
    sink: { tool: postgres, table: a.b, data: "${data}" }`

  it('is a name in the sink', () => {
    expect(told(collected('found', '{{ found }}'))).toEqual([])
    expect(told(collected('found', '{{ fund }}'))).toEqual([
      expect.stringContaining('`fund` is not known here Did you mean `found`?'),
    ])
  })

  it('can be no name that is taken', () => {
    expect(told(collected('stats', '{{ result }}'))).toEqual([
      '/workflow/0/retry/on_success/collect/into conflict `stats` is the name of something else already Give the result another name.',
    ])
    expect(told(collected('a.b', '{{ result }}'))).toEqual([expect.stringContaining('a name of letters, digits and _')])
  })
})

describe('credential', () => {
  it('of an http step names a secret', () => {
    expect(stepOf('credential: LOGIN').auth).toEqual({ type: 'credential', credential: 'LOGIN' })
    expect(told('credential: my login')).toEqual([expect.stringContaining('/workflow/0/credential')])
    expect(told('credential: LOGIN\nauth: { type: bearer, token: x }')).toEqual([
      expect.stringContaining('`auth` and `credential` exclude each other'),
    ])
  })
})
