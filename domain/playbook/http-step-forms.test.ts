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
