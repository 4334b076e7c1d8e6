import { beforeEach, describe, expect, it } from 'vitest'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { putSecret } from '@/server/secrets/secret-store'
import { startGuardedApi } from './testing/guarded-api'
import { eventsOf, startEngine, statusOf, stepRow } from './testing/start-engine'

const engine = await startEngine('postgresql')
const api = await startGuardedApi()
setVariables({
  PAGETURNER_ALLOW_HOSTS: 'localhost:*',
  PAGETURNER_SECRET_CLIENT: 'the-secret-of-the-client',
})

beforeEach(() => {
  api.pages.length = 0
  api.revokeAfter = null
  api.revoke()
})

const playbook = (auth: string): string => `
apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: guarded, path: tests/guarded }
workload: { api: "${api.origin}", list: [a, b, c, d, e, f] }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ workload.api }}/{{ name }}"
    ${auth}
    loop: { collection: "{{ workload.list }}", element: name, mode: async, concurrency: 6 }
    paginate: { type: page, items: data, stop: { has_more_path: more } }
`

const client = (id: string): string =>
  `auth: { type: oauth2_client_credentials, token_url: "{{ workload.api }}/token", client_id: ${id}, client_secret: "{{ secret.CLIENT }}" }`

const attempts = async (executionId: string): Promise<number | null> =>
  (await pool().query('SELECT 1 FROM noetl.attempt WHERE execution_id = $1', [executionId])).rowCount

/** Everything an execution left behind, as text. */
async function storedText(executionId: string): Promise<string> {
  const parts = ['event', 'page', 'attempt', 'iteration', 'step', 'execution'].map(
    (table) => `(SELECT json_agg(t) FROM noetl.${table} t WHERE execution_id = $1)::text`,
  )
  const { rows } = await pool().query<{ text: string }>(`SELECT concat(${parts.join(', ')}) AS text`, [executionId])
  return rows[0]?.text ?? ''
}

describe('oauth2_client_credentials', () => {
  it('fetches one token for all elements, and shows it nowhere, though the API echoes it', async () => {
    const before = api.tokensGiven
    const id = await engine.run(playbook(client('one')))
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 6, pages: 24, items: 48 })
    expect(api.tokensGiven - before).toBe(1)
    const text = await storedText(id)
    expect(text).toContain('•••')
    expect(text).not.toMatch(/of-the-guarded-api|the-secret-of-the-client/)
  })

  it('shares the token with the next run', async () => {
    await engine.run(playbook(client('two')))
    const before = api.tokensGiven
    api.pages.length = 0
    // The server forgot the token between the tests only.
    const id = await engine.run(playbook(client('two')))
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(api.tokensGiven - before).toBe(0)
  })

  it('answers a 401 with one new token for all, and no try of a page counts as failed', async () => {
    const before = api.tokensGiven
    api.revokeAfter = 9
    const id = await engine.run(playbook(client('three')))
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 6, pages: 24 })
    expect(api.tokensGiven - before).toBe(2)
    expect(api.pages.filter(({ status }) => status === 401).length).toBeGreaterThan(1)
    expect(await attempts(id)).toBe(0)
    expect((await eventsOf(id)).filter(({ event_type }) => event_type === 'page_retry')).toEqual([])
    expect(await storedText(id)).not.toContain('of-the-guarded-api')
  })

  it('takes a second 401 for the answer', async () => {
    const closed = await startGuardedApi()
    closed.close()
    const id = await engine.run(playbook(client('four')), { api: closed.origin, list: ['a'] })
    expect(await statusOf(id)).toBe('FAILED')
    const failed = (await eventsOf(id)).find(({ event_type }) => event_type === 'iteration_failed')
    expect(failed?.context).toMatchObject({ error: { kind: 'http_error', status: 401, attempt: 1 } })
    expect(closed.pages).toHaveLength(2)
    expect(closed.tokensGiven).toBe(2)
    expect(await storedText(id)).not.toContain('of-the-guarded-api')
  })

  it('asks for no token for each of many elements that are refused with a new one', async () => {
    const closed = await startGuardedApi()
    closed.close()
    const list = Array.from({ length: 40 }, (_, index) => `e${index}`)
    const looped = playbook(client('refused')).replace('mode: async', 'on_failure: continue, mode: async')
    const id = await engine.run(looped, { api: closed.origin, list })
    expect(await stepRow(id, 'fetch')).toMatchObject({ failed: 40 })
    expect(closed.tokensGiven).toBe(2)
    expect(closed.pages.length).toBeLessThan(60)
  })

  it('waits as long as the token endpoint asks to, and nobody asks it before', async () => {
    api.busyFor = 2
    api.tokensAsked.length = 0
    const id = await engine.run(playbook(client('patient')))
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(api.tokensAsked).toHaveLength(2)
    const [first = 0, second = 0] = api.tokensAsked
    expect(second - first).toBeGreaterThanOrEqual(1_900)
    const retries = (await eventsOf(id)).filter(({ event_type }) => event_type === 'page_retry')
    expect(retries[0]?.context).toMatchObject({
      error: { kind: 'token_unavailable' },
      reason: 'Retry-After: 2 of the token endpoint',
    })
    expect(api.pages.filter(({ status }) => status === 401)).toEqual([])
  })

  it('says when no token can be had, before any page is asked for', async () => {
    const refused = client('five').replace('/token', '/elsewhere')
    const id = await engine.run(playbook(refused), { list: ['a'] })
    const failed = (await eventsOf(id)).find(({ event_type }) => event_type === 'iteration_failed')
    expect(failed?.context).toMatchObject({
      error: {
        kind: 'token_refused',
        message: expect.stringMatching(
          /^page 1 was not asked for: no access token was given: .* answered 401: who are you\?$/,
        ),
      },
    })
  })
})

describe('a credential', () => {
  it('is a stored secret that holds the auth object', async () => {
    const auth = {
      type: 'oauth2_client_credentials',
      token_url: `${api.origin}/token`,
      client_id: 'six',
      client_secret: 'a-secret-in-a-secret',
    }
    await putSecret('GUARDED', JSON.stringify(auth))
    const id = await engine.run(playbook('credential: GUARDED'))
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 6, pages: 24 })
    expect(await storedText(id)).not.toMatch(/of-the-guarded-api|a-secret-in-a-secret/)
  })

  it.each([
    ['that is not stored', 'NOT_THERE', /There is no value for secret.NOT_THERE/],
    ['that holds something else', 'WRONG', /The secret WRONG can't be used as a credential: it must be/],
  ])('%s fails the element with what is missing', async (_name, name, message) => {
    await putSecret('WRONG', 'just-a-password')
    const id = await engine.run(playbook(`credential: ${name}`), { list: ['a'] })
    const failed = (await eventsOf(id)).find(({ event_type }) => event_type === 'iteration_failed')
    expect(failed?.context).toMatchObject({
      error: { kind: 'missing_secret', message: expect.stringMatching(message) },
    })
    expect(await storedText(id)).not.toContain('just-a-password')
  })
})
