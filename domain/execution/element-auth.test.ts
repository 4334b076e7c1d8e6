import { describe, expect, test } from 'vitest'
import { WITHOUT_TOKEN } from '../auth/bearer-token'
import type { Auth } from '../playbook/playbook'
import { compileElementPlan, type ElementPlan } from './element-plan'
import { httpStep, onSuccess } from './testing/http-step'
import { runScenario, type ScenarioResult } from './testing/run-scenario'

const CLIENT: Auth = {
  type: 'oauth2_client_credentials',
  tokenUrl: 'https://id.test/token',
  clientId: 'reader',
  clientSecret: '{{ secret.CLIENT }}',
  scope: 'read',
  audience: null,
}

/** Two pages, so that what is stored of a request and of a next one is seen. */
const run = (auth: Auth, secrets: Record<string, string> = {}, scope: Record<string, unknown> = {}): ScenarioResult =>
  runScenario({
    step: httpStep({
      auth,
      pagination: onSuccess({ while: '{{ response.more }}', nextCall: { params: { page: '2' } } }),
    }),
    script: [{ json: { data: [], more: true } }, { json: { data: [], more: false } }],
    secrets,
    scope,
  })

const plan = (auth: Auth, secrets: Record<string, string> = {}): ElementPlan =>
  compileElementPlan({
    step: httpStep({ auth, rateLimit: { requests: 1, perSeconds: 1 } }),
    index: 0,
    scope: {},
    secrets: new Map(Object.entries(secrets)),
  })

const shown = ({ pages, events }: ScenarioResult): string => JSON.stringify([pages, events])

describe('auth', () => {
  test.each<[string, Auth, Record<string, string>, Record<string, string>]>([
    [
      'bearer',
      { type: 'bearer', token: '{{ secret.KEY }}' },
      { KEY: 'hush-hush' },
      { authorization: 'Bearer hush-hush' },
    ],
    [
      'basic, in UTF-8',
      { type: 'basic', username: 'jürgen', password: '{{ secret.KEY }}' },
      { KEY: 'hush:hush' },
      { authorization: `Basic ${Buffer.from('jürgen:hush:hush').toString('base64')}` },
    ],
    [
      'api_key in a header',
      { type: 'api_key', name: 'X-Api-Key', value: '{{ secret.KEY }}', in: 'header' },
      { KEY: 'hush-hush' },
      { 'x-api-key': 'hush-hush' },
    ],
  ])('of type %s goes out with every page and into nothing that is stored', (_name, auth, secrets, headers) => {
    const result = run(auth, secrets)
    expect(result.requests).toHaveLength(2)
    for (const request of result.requests) {
      expect(request.headers).toMatchObject(headers)
      expect(request.secretHeaders).toEqual(Object.keys(headers))
    }
    expect(shown(result)).toContain('•••')
    expect(shown(result)).not.toMatch(/hush/)
    expect(shown(result)).not.toContain(Buffer.from('jürgen:hush:hush').toString('base64'))
  })

  test('of type api_key in the query goes out with every page and is a secret of the url', () => {
    const result = run({ type: 'api_key', name: 'key', value: '{{ secret.KEY }}', in: 'query' }, { KEY: 'hush-hush' })
    expect(result.requests.map(({ url }) => new URL(url).searchParams.get('key'))).toEqual(['hush-hush', 'hush-hush'])
    expect(result.requests[0]?.secretParams).toEqual(['key'])
    expect(shown(result)).not.toContain('hush-hush')
  })

  test('is masked also where its secret stands in the open', () => {
    const result = run({ type: 'bearer', token: '{{ login.token }}' }, {}, { login: { token: 'open-but-secret' } })
    expect(result.requests[0]?.headers['authorization']).toBe('Bearer open-but-secret')
    expect(shown(result)).not.toContain('open-but-secret')
  })

  test('of type oauth2_client_credentials leaves the place of the token empty and says how to get it', () => {
    const { tokenRequest, first, secrets } = plan(CLIENT, { CLIENT: 'hush-hush' })
    expect(tokenRequest).toEqual({
      url: 'https://id.test/token',
      clientId: 'reader',
      clientSecret: 'hush-hush',
      scope: 'read',
      audience: null,
    })
    expect(JSON.stringify(first)).not.toContain('hush')
    expect([...secrets.values()]).toEqual(['hush-hush', ''])
    const { requests } = run(CLIENT, { CLIENT: 'hush-hush' })
    expect(requests.map(({ headers }) => headers['authorization'])).toEqual([WITHOUT_TOKEN, WITHOUT_TOKEN])
  })
})

describe('a credential', () => {
  const named: Auth = { type: 'credential', credential: 'LOGIN' }

  test('is the auth object its secret holds, its texts taken as they stand', () => {
    const stored = JSON.stringify({ type: 'bearer', token: '{{ secret.OTHER }}' })
    const { requests } = run(named, { LOGIN: stored, OTHER: 'no' })
    expect(requests[0]?.headers['authorization']).toBe('Bearer {{ secret.OTHER }}')
  })

  test('masks what is secret in it and not the user name', () => {
    const stored = JSON.stringify({ type: 'basic', username: 'admin', password: 'hush-hush' })
    const { secrets } = plan(named, { LOGIN: stored })
    expect([...secrets.values()]).toEqual([stored, 'hush-hush', btoa('admin:hush-hush')])
  })

  test.each([
    ['no JSON at all', 'Bearer abc', /must be JSON such as/],
    ['a type there is not', '{"type":"digest"}', /must be .*bearer, basic, api_key/],
    ['a key that is missing', '{"type":"basic","username":"me"}', /its `password` must be/],
    ['another credential', '{"type":"credential","credential":"X"}', /must be/],
  ])('that holds %s is refused with what is wrong and without what is in it', (_name, stored, message) => {
    expect(() => plan(named, { LOGIN: stored })).toThrow(message)
    expect(() => plan(named, { LOGIN: stored })).toThrow(/The secret LOGIN can't be used as a credential/)
  })
})

describe('the budget of an element', () => {
  const identity = (auth: Auth, secrets: Record<string, string>): string =>
    JSON.stringify(plan(auth, secrets).budget?.credential)

  test('is of a credential, told by the names of its secrets and not their values', () => {
    const one = identity({ type: 'bearer', token: '{{ secret.ONE }}' }, { ONE: 'hush-hush', TWO: 'hush-hush' })
    const two = identity({ type: 'bearer', token: '{{ secret.TWO }}' }, { ONE: 'hush-hush', TWO: 'hush-hush' })
    const rotated = identity({ type: 'bearer', token: '{{ secret.ONE }}' }, { ONE: 'another' })
    expect(one).not.toBe(two)
    expect(rotated).toBe(one)
    expect(one).not.toContain('hush')
  })

  test.each<[string, Auth, Auth]>([
    ['basic', { type: 'basic', username: 'a', password: 'p' }, { type: 'basic', username: 'b', password: 'p' }],
    ['oauth2', CLIENT, { ...CLIENT, clientId: 'writer' }],
    ['bearer in the open', { type: 'bearer', token: 'a' }, { type: 'bearer', token: 'b' }],
  ])('tells two callers with %s apart', (_name, one, other) => {
    expect(identity(one, { CLIENT: 'x' })).not.toBe(identity(other, { CLIENT: 'x' }))
  })
})
