import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { pool } from '@/server/db/pool'
import { takeProcessWide } from '@/server/db/process-wide'
import { setVariables } from '@/server/env'
import { closeQueueConnection, migrateQueue } from '@/server/queue/connection'
import { closeQueues } from '@/server/queue/enqueue'
import { registerQuickPlaybook } from '@/server/schedules/testing/register-quick-playbook'
import * as hook from './hooks/[token]/route'
import * as notice from './notices/[id]/route'
import * as notices from './notices/route'
import * as schedule from './schedules/[id]/route'
import * as runNow from './schedules/[id]/run/route'
import * as scheduleRuns from './schedules/[id]/runs/route'
import * as preview from './schedules/preview/route'
import * as schedules from './schedules/route'
import { callRoute, type Call } from './testing/call-route'
import * as webhook from './webhooks/[id]/route'
import * as rotate from './webhooks/[id]/rotate/route'
import * as webhooks from './webhooks/route'

await createTestDatabase()
let path = ''

beforeAll(async () => {
  await migrateQueue()
  path = await registerQuickPlaybook('tests/triggered')
})
afterAll(async () => {
  await closeQueues()
  await closeQueueConnection()
})

async function call(route: Record<string, unknown>, request: Call) {
  const response = await callRoute(route, request)
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
}

describe('/api/schedules', () => {
  it('makes, lists, changes, runs and deletes a schedule', async () => {
    const made = await call(schedules, {
      method: 'POST',
      body: { path, cron: '@daily', time_zone: 'Europe/Berlin', workload: { region: 'us' } },
    })
    expect(made).toMatchObject({
      status: 201,
      body: { path, cron: '0 0 * * *', time_zone: 'Europe/Berlin', missed: 'skip', overlap: 'skip', last_run: null },
    })
    const id: string = made.body.schedule_id
    expect((await call(schedules, { query: `?path=${path}` })).body).toMatchObject({
      items: [{ schedule_id: id }],
      next_cursor: null,
    })
    const params = { id }
    expect(await call(runNow, { method: 'POST', params, body: {} })).toMatchObject({
      status: 202,
      body: { status: 'PENDING' },
    })
    expect(await call(runNow, { method: 'POST', params, body: {} })).toMatchObject({ status: 409 })
    expect((await call(scheduleRuns, { params })).body.items).toMatchObject([{ reason: 'asked', status: 'STARTED' }])
    expect((await call(schedules, { query: '?upcoming=1' })).body.items).toHaveLength(1)
    expect(await call(schedule, { method: 'PATCH', params, body: { paused: true } })).toMatchObject({
      status: 200,
      body: { paused: true, next_run_at: null },
    })
    expect((await call(schedules, { query: '?upcoming=1' })).body.items).toEqual([])
    expect((await call(schedule, { method: 'DELETE', params })).status).toBe(204)
    expect((await call(schedule, { params })).status).toBe(404)
  })

  it.each([
    [{ cron: 'often' }, 422, 'cron'],
    [{ cron: '@hourly', time_zone: 'Mars/Olympus' }, 422, 'time_zone'],
    [{ cron: '@hourly', missed: 'later' }, 422, 'missed'],
  ])('refuses %j with the field', async (body, status, field) => {
    expect(await call(schedules, { method: 'POST', body: { path, ...body } })).toMatchObject({
      status,
      body: { errors: [{ path: field }] },
    })
  })

  it('knows no schedule for a playbook or version that is not registered', async () => {
    const body = { path: 'tests/nobody', cron: '@hourly' }
    expect((await call(schedules, { method: 'POST', body })).status).toBe(404)
    expect((await call(schedules, { method: 'POST', body: { path, cron: '@hourly', version: 99 } })).status).toBe(404)
  })

  it('previews an expression before it is saved', async () => {
    const query = `?cron=${encodeURIComponent('0 9 * * 1')}&time_zone=Asia/Tokyo`
    const { body } = await call(preview, { query })
    expect(body.times).toHaveLength(5)
    expect(body.times.every((time: string) => time.endsWith('T00:00:00.000Z'))).toBe(true)
    expect(await call(preview, { query: '?cron=x' })).toMatchObject({
      status: 200,
      body: { times: [], problem: { path: 'cron' } },
    })
    expect((await call(preview, { query: '?cron=@daily&time_zone=Nowhere' })).body.problem.path).toBe('time_zone')
  })
})

describe('/api/hooks', () => {
  /** As a sender elsewhere does: to a public name, from another origin. */
  async function send(token: string, body: unknown, headers: Record<string, string> = {}) {
    const request = new Request(`https://hooks.example.com/api/hooks/${token}`, {
      method: 'POST',
      headers: {
        host: 'hooks.example.com',
        origin: 'https://elsewhere.example',
        'content-type': 'application/json',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const response = await hook.POST(request, { params: Promise.resolve({ token }) })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }

  const create = async (more: object = {}): Promise<{ id: string; token: string }> => {
    const { body } = await call(webhooks, { method: 'POST', body: { path, name: 'crm', ...more } })
    return { id: body.webhook_id, token: body.token }
  }

  const executionOf = async (id: string) =>
    (await pool().query('SELECT workload, overrides, trigger FROM noetl.execution WHERE execution_id = $1', [id]))
      .rows[0]

  it('starts the playbook with the body as its input, and may set the inputs it names', async () => {
    const { id, token } = await create({ inputs: ['region'] })
    const sent = { region: '{{ secret.X }}', other: 1 }
    const answer = await send(token, sent)
    expect(answer.status).toBe(202)
    expect(await executionOf(answer.body.execution_id)).toEqual({
      workload: { region: '{{ secret.X }}', webhook: sent },
      overrides: ['region', 'webhook'],
      trigger: { type: 'webhook', webhook_id: id, name: 'crm' },
    })
    expect((await call(webhooks, { query: `?path=${path}` })).body.items.at(-1)).toMatchObject({
      calls: 1,
      name: 'crm',
    })
  })

  it('starts once for one delivery, whichever header names it', async () => {
    const { token } = await create()
    const ids = new Set<string>()
    for (const name of ['Idempotency-Key', 'Webhook-Id', 'X-GitHub-Delivery']) {
      for (const body of [{ n: 1 }, { n: 2 }]) ids.add((await send(token, body, { [name]: 'd-1' })).body.execution_id)
    }
    expect(ids.size).toBe(1)
    const other = await create()
    expect(ids.has((await send(other.token, {}, { 'Idempotency-Key': 'd-1' })).body.execution_id)).toBe(false)
  })

  it('shows the token once and stores only a hash of it', async () => {
    const { id, token } = await create()
    const { rows } = await pool().query(`SELECT w::text AS row FROM noetl.webhook w WHERE webhook_id = $1`, [id])
    expect(rows[0].row).not.toContain(token.slice(-43))
    expect(JSON.stringify((await call(webhooks, {})).body)).not.toContain(token.slice(-43))
  })

  it('takes the old token no more once it was rotated, and none once it was revoked', async () => {
    const { id, token } = await create()
    const { body } = await call(rotate, { method: 'POST', params: { id }, body: {} })
    expect((await send(token, {})).status).toBe(404)
    expect((await send(body.token, {})).status).toBe(202)
    await call(webhook, { method: 'PATCH', params: { id }, body: { paused: true } })
    expect(await send(body.token, {})).toMatchObject({ status: 409, body: { detail: 'This webhook is paused.' } })
    await call(webhook, { method: 'DELETE', params: { id } })
    expect((await send(body.token, {})).status).toBe(404)
  })

  it('tells the same of every token that opens nothing', async () => {
    const { id, token } = await create()
    const wrong = [`${id}-${'A'.repeat(43)}`, `999999${token.slice(id.length)}`, 'x', `${token}A`]
    const answers = await Promise.all(wrong.map((each) => send(each, {})))
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 404, body: { detail: 'There is nothing here.' } })
  })

  it('stops listening to an address that tries tokens, and listens to others', async () => {
    takeProcessWide('bad-tokens')
    const { token } = await create()
    const from = { 'x-forwarded-for': '203.0.113.9' }
    for (let tries = 0; tries < 20; tries += 1) expect((await send('x', {}, from)).status).toBe(404)
    const refused = await send(token, {}, from)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50)
    expect((await send(token, {}, { 'x-forwarded-for': '203.0.113.10' })).status).toBe(202)
  })

  it('refuses what is too large, no JSON or another type, and takes an empty body', async () => {
    takeProcessWide('bad-tokens')
    const { token } = await create()
    expect((await send(token, { text: 'x'.repeat(256 * 1024) })).status).toBe(413)
    expect((await send(token, '{')).status).toBe(400)
    expect((await send(token, 'a=1', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415)
    expect((await send(token, '')).status).toBe(202)
    expect((await send(token, '[1]', { 'content-type': 'application/cloudevents+json' })).status).toBe(202)
  })

  it('leaves every other address guarded', async () => {
    const foreign = { host: 'hooks.example.com' }
    expect((await call(webhooks, { headers: foreign })).status).toBe(403)
    expect(
      (await call(schedules, { method: 'POST', headers: { origin: 'https://elsewhere.example' }, body: {} })).status,
    ).toBe(403)
  })
})

describe('/api/notices', () => {
  it('keeps the signing secret to itself', async () => {
    const body = {
      path,
      url: 'https://example.com/hook?key={{ secret.HOOK_KEY }}',
      on: ['failed'],
      secret: 'a long secret',
    }
    const made = await call(notices, { method: 'POST', body })
    expect(made).toMatchObject({
      status: 201,
      body: { url: body.url, on: ['failed'], is_signed: true, last_delivery: null, paused: false },
    })
    const { rows } = await pool().query('SELECT n::text AS row FROM noetl.notice n')
    expect(rows[0].row + JSON.stringify(made.body)).not.toContain('a long secret')
    const params = { id: made.body.notice_id }
    expect(await call(notice, { method: 'PATCH', params, body: { secret: null, on: ['completed'] } })).toMatchObject({
      body: { is_signed: false, on: ['completed'] },
    })
    expect((await call(notice, { method: 'DELETE', params })).status).toBe(204)
    expect((await call(notice, { method: 'DELETE', params })).status).toBe(404)
  })

  it.each(['ftp://example.com', 'example.com', '{{ workload.url }}', '{{ broken'])(
    'refuses the address %s',
    async (url) => {
      expect(await call(notices, { method: 'POST', body: { path, url } })).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'url' }] },
      })
    },
  )
})

it('shows webhook addresses under the name others reach this server by', async () => {
  setVariables({ PAGETURNER_PUBLIC_URL: 'https://pt.example.com' })
  const { body } = await call(webhooks, { method: 'POST', body: { path, name: 'public' } })
  setVariables({ PAGETURNER_PUBLIC_URL: '' })
  expect(body.url).toBe(`https://pt.example.com/api/hooks/${body.token}`)
})
