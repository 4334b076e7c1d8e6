import { describe, expect, test } from 'vitest'
import { DomainError } from '../domain-error'
import { toCheckpoint } from './element-checkpoint'
import { httpStep, onSuccess, paginate } from './testing/http-step'
import { runScenario, type Answer, type ScenarioResult } from './testing/run-scenario'
import { rows } from './testing/scripted-api'

const SECRET = "s3cr3t/of 'ours'"
const secrets = { KEY: SECRET, BASE: 'https://api.test' }
const ELSEWHERE = ['https://files.test']
const leadingTo = (next: string): Answer[] => [
  { json: { data: rows(1, 1), next } },
  { json: { data: rows(2, 1), next: null } },
]

/** `next_call.url` is this template, and the first page answers with this `next`. */
const nextCall = (url: string, next: string, crossOrigin: string[] = [], restart = false): ScenarioResult =>
  runScenario(
    {
      step: httpStep({ crossOrigin, pagination: onSuccess({ while: '{{ response.next }}', nextCall: { url } }) }),
      script: leadingTo(next),
      secrets,
    },
    () => restart,
  )
const urls = ({ requests }: ScenarioResult): string[] => requests.map(({ url }) => url)
const errorOf = ({ state }: ScenarioResult): unknown => (state.status === 'failed' ? state.error : state.status)

test.each(['query', 'header', 'form', 'json', 'path'] as const)(
  'a cursor that holds a secret goes back as it came, into %s, and is not told',
  (place) => {
    const cursor = `at/${SECRET}/2`
    const { requests, events } = runScenario({
      step: httpStep({
        ...(place === 'path' ? { url: 'https://api.test/items/{cursor}' } : {}),
        method: place === 'form' || place === 'json' ? 'POST' : 'GET',
        pagination: paginate('cursor', { in: place, items: 'data' }),
      }),
      script: leadingTo(cursor),
      secrets,
    })
    const { url = '', headers = {}, body = '' } = requests[1] ?? {}
    const sent = `${decodeURIComponent(url)}${headers['cursor'] ?? ''}${decodeURIComponent((body ?? '').replaceAll('+', ' '))}`
    expect(sent).toContain(cursor)
    if (place !== 'path') expect(JSON.stringify(events[0]?.context['next'])).toContain(':"at/•••/2"')
  },
)

describe('a secret in next_call.url', () => {
  test.each([false, true])('goes to its own origin, from a relative reference as well (restarts: %s)', (restart) => {
    const template = '{{ response.next }}&key={{ secret.KEY }}'
    expect(urls(nextCall(template, '/items?p=2', [], restart))[1]).toBe(`https://api.test/items?p=2&key=${SECRET}`)
    expect(urls(nextCall(template, 'https://api.test/b?p=2', [], restart))[1]).toBe(
      `https://api.test/b?p=2&key=${SECRET}`,
    )
    expect(urls(nextCall('{{ secret.BASE }}{{ response.next }}', '/items?p=2', [], restart))[1]).toBe(
      'https://api.test/items?p=2',
    )
  })

  test('does not open the way to an origin that nobody allowed, nor is it told', () => {
    const result = nextCall('{{ response.next }}&key={{ secret.KEY }}', 'https://evil.test/items?p=2')
    expect(urls(result)).toEqual(['https://api.test/items'])
    expect(errorOf(result)).toMatchObject({ kind: 'cross_origin_denied' })
    expect(JSON.stringify(errorOf(result))).toContain('key=•••')
    expect(JSON.stringify(errorOf(result))).not.toContain('s3cr3t')
    expect(errorOf(nextCall('{{ secret.BASE }}{{ response.next }}', '.evil.test/'))).toMatchObject({
      kind: 'cross_origin_denied',
    })
  })

  test('stays behind where the other origin is allowed', () => {
    const result = nextCall('{{ response.next }}&key={{ secret.KEY }}', 'https://files.test/items?p=2', ELSEWHERE)
    expect(urls(result)[1]).toBe('https://files.test/items?p=2')
    expect(result.state.progress.warnings.map(({ kind }) => kind)).toEqual(['credentials_stripped'])
  })

  test('is refused in the path of another origin', () => {
    expect(() => nextCall('{{ response.next }}/{{ secret.KEY }}', 'https://files.test/items', ELSEWHERE)).toThrow(
      'the path of the URL holds a secret given for https://api.test and would go to https://files.test',
    )
  })

  test('is in no checkpoint, however a URL spells it, and stand-ins can not be asked for', () => {
    const next = nextCall('{{ response.next }}&key={{ secret.KEY }}', '/stand-in-1./stand-in-0.?p=2')
    expect(urls(next)[1]).toBe(`https://api.test/stand-in-1./stand-in-0.?p=2&key=${SECRET}`)
    const waiting = runScenario({
      step: httpStep({
        pagination: onSuccess({ while: '{{ true }}', nextCall: { url: '{{ response.next }}&key={{ secret.KEY }}' } }),
      }),
      script: [...leadingTo('/items?p=2').slice(0, 1), { status: 403, json: {} }],
      secrets,
    })
    expect(JSON.stringify(toCheckpoint(waiting.state))).not.toContain('s3cr3t')
  })
})

describe('a secret in the query of the first URL', () => {
  const step = httpStep({
    crossOrigin: ELSEWHERE,
    url: 'https://api.test/items?key={{ secret.KEY }}',
    pagination: paginate('next_url'),
  })

  test('stays behind when an answer leads it to another origin', () => {
    const result = runScenario({
      step,
      script: leadingTo(`https://files.test/2?key=${encodeURIComponent(SECRET)}&p=2`),
      secrets,
    })
    expect(urls(result)[1]).toBe('https://files.test/2?p=2')
    expect(result.state.progress.warnings.map(({ kind }) => kind)).toEqual(['credentials_stripped'])
  })

  test('is refused in a path there', () => {
    const run = (): ScenarioResult =>
      runScenario({
        step,
        script: leadingTo(`https://files.test/${encodeURIComponent(SECRET)}/2`),
        secrets,
      })
    expect(run).toThrow(DomainError)
  })
})
