import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { registerShippedPlaybooks } from '@/server/playbooks/register-shipped-playbooks'
import { closeQueueConnection, migrateQueue } from '@/server/queue/connection'
import { closeQueues } from '@/server/queue/enqueue'
import * as execution from '../executions/[id]/route'
import * as versions from '../playbook-versions/[...path]/route'
import * as run from '../run/playbook/route'
import * as secret from '../secrets/[name]/route'
import * as secrets from '../secrets/route'
import { callRoute, type Call } from '../testing/call-route'
import * as playbook from './[...path]/route'
import * as playbooks from './route'

const text = (description: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: registered, path: tests/api/registered, description: ${description} }
workload: { size: 10 }
workflow:
  - step: start
    next: [{ step: end }]
  - step: end
`
const yaml = (body: string): Call => ({ method: 'POST', body, headers: { 'content-type': 'text/yaml' } })
const path = { path: ['tests', 'api', 'registered'] }

beforeAll(async () => {
  await createTestDatabase()
  await migrateQueue()
})
afterAll(async () => {
  await closeQueues()
  await closeQueueConnection()
})

describe('playbooks', () => {
  it('registers a next version only when the text changed', async () => {
    const answers: [number, number, boolean][] = []
    for (const body of [text('one'), text('one'), text('two'), text('one')]) {
      const answer = await callRoute(playbooks, yaml(body))
      const { version, created } = await answer.json()
      answers.push([answer.status, version, created])
    }
    expect(answers).toEqual([
      [201, 1, true],
      [200, 1, false],
      [201, 2, true],
      [201, 3, true],
    ])
    const listed = await (await callRoute(versions, { params: path, query: '?limit=2' })).json()
    expect(listed.items.map((item: { version: number }) => item.version)).toEqual([3, 2])
    expect(listed.next_cursor).toBe('2')
  })

  it('warns of a secret without a value and of a variable that templates may not read, and registers all the same', async () => {
    const workload = 'workload: { a: "{{ secret.PAGINATED_API_URL }}", b: "{{ secret.NOPE }}", c: "{{ env.NOPE }}" }'
    const body = text('three').replaceAll('registered', 'warned').replace('workload: { size: 10 }', workload)
    const answer = await callRoute(playbooks, yaml(body))
    const { diagnostics } = await answer.json()
    expect([answer.status, diagnostics.map(({ message }: { message: string }) => message)]).toEqual([
      201,
      ['`secret` has no `NOPE`', '`env` has no `NOPE`'],
    ])
    const validated = await (await callRoute(playbook, { ...yaml(body), params: { path: ['validate'] } })).json()
    expect(validated).toMatchObject({ valid: true, diagnostics, outside: { env: [], secrets: ['PAGINATED_API_URL'] } })
  })

  it('gives one as JSON or, asked for YAML, its text alone', async () => {
    const json = await (await callRoute(playbook, { params: path, query: '?version=2' })).json()
    expect(json).toMatchObject({ path: 'tests/api/registered', version: 2, latest_version: 3, description: 'two' })
    const plain = await callRoute(playbook, {
      params: { path: ['tests%2Fapi/registered'] },
      headers: { accept: 'text/yaml' },
    })
    expect([plain.headers.get('content-type'), await plain.text()]).toEqual(['text/yaml; charset=utf-8', text('one')])
    expect((await callRoute(playbook, { params: path, query: '?version=9' })).status).toBe(404)
    expect((await callRoute(playbook, { params: { path: ['..', 'etc'] } })).status).toBe(404)
  })

  it('refuses a broken text with line and column, and only diagnoses it on validate', async () => {
    const broken = text('one').replace('step: end }', 'step: ende }')
    const refused = await callRoute(playbooks, yaml(broken))
    expect([refused.status, refused.headers.get('content-type')]).toEqual([422, 'application/problem+json'])
    expect((await refused.json()).errors[0]).toMatchObject({ line: 7, column: expect.any(Number) })
    const validated = await callRoute(playbook, { ...yaml(broken), params: { path: ['validate'] } })
    expect(validated.status).toBe(200)
    const { valid, diagnostics } = await validated.json()
    expect(valid).toBe(false)
    expect(diagnostics[0]).toMatchObject({ code: 'unknown_step', line: 7, column: 20 })
  })

  it('registers two at once under two versions', async () => {
    const bodies = ['a', 'b', 'c', 'd'].map((name) => text(`at once ${name}`))
    const answers = await Promise.all(bodies.map(async (body) => (await callRoute(playbooks, yaml(body))).json()))
    expect(new Set(answers.map((answer) => answer.version)).size).toBe(4)
  })

  it('registers the shipped ones once', async () => {
    const first = await registerShippedPlaybooks()
    expect(first.map((registered) => registered.path)).toContain(
      'tests/pagination/loop_with_pagination/loop_with_pagination',
    )
    expect(await registerShippedPlaybooks()).toEqual([])
  })
})

describe('POST /api/run/playbook', () => {
  const start = (body: unknown, headers = {}): Promise<Response> => callRoute(run, { method: 'POST', body, headers })

  it('puts an execution on record and gives the same one for the same key', async () => {
    const first = await start({ path: 'tests/api/registered', workload: { size: 5 } }, { 'idempotency-key': 'k1' })
    expect(first.status).toBe(202)
    const { execution_id: id, status } = await first.json()
    expect([typeof id, status]).toEqual(['string', 'PENDING'])
    const again = await start({ path: 'tests/api/registered' }, { 'idempotency-key': 'k1' })
    expect((await again.json()).execution_id).toBe(id)
    const detail = await (await callRoute(execution, { params: { id } })).json()
    expect(detail).toMatchObject({
      execution_id: id,
      path: 'tests/api/registered',
      workload: { size: 5 },
      status: 'PENDING',
    })
  })

  it('runs exactly the text given, and refuses what cannot run', async () => {
    expect((await start({ content: text('never saved') })).status).toBe(202)
    expect((await start({ content: 'kind: Nothing' })).status).toBe(422)
    expect((await start({ path: 'no/such' })).status).toBe(404)
    expect((await start({})).status).toBe(422)
    expect((await start({ path: 'tests/api/registered', payload: {} })).status).toBe(422)
  })
})

describe('secrets', () => {
  it('are stored and listed by name, and never shown', async () => {
    const put = await callRoute(secret, { method: 'PUT', params: { name: 'TOKEN' }, body: { value: 'open sesame' } })
    expect(put.status).toBe(200)
    expect(await put.text()).not.toContain('sesame')
    const listed = await (await callRoute(secrets)).text()
    expect(listed).toContain('"TOKEN"')
    expect(listed).not.toContain('sesame')
    expect((await callRoute(secret, { method: 'DELETE', params: { name: 'TOKEN' } })).status).toBe(204)
    expect((await callRoute(secret, { method: 'DELETE', params: { name: 'TOKEN' } })).status).toBe(404)
    expect((await callRoute(secret, { method: 'PUT', params: { name: 'no-good' }, body: { value: 'x' } })).status).toBe(
      404,
    )
  })
})
