import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CreateNotice } from '@/domain/api/notices'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { retryExecution } from '@/server/executions/retry-execution'
import { startExecution } from '@/server/executions/start-execution'
import { startHttp } from '@/server/http/testing/connector'
import { changeNotice } from '@/server/notices/change-notice'
import { createNotice } from '@/server/notices/create-notice'
import { listDeliveries } from '@/server/notices/list-deliveries'
import { sendAgain } from '@/server/notices/send-again'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { startEngine, untilEnded } from './testing/start-engine'

vi.setConfig({ testTimeout: 120_000 })

type Received = { headers: IncomingHttpHeaders; text: string; url: string }

// Named before the connector is first used: it reads the list once.
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*', PAGETURNER_SECRET_HOOK_KEY: 'k3y-of-the-hook' })
await startEngine('postgresql')

const received: Received[] = []
const NOTHING: Received = { headers: {}, text: '', url: '' }
let answers: number[] = []
const server = await startHttp((request, response) => {
  let text = ''
  request.on('data', (chunk: Buffer) => (text += chunk.toString()))
  request.on('end', () => {
    // A notice of the test before may still be on its way.
    if (!(request.url ?? '').startsWith(place())) return void response.writeHead(204).end()
    received.push({ headers: request.headers, text, url: request.url ?? '' })
    response.writeHead(answers.shift() ?? 204).end()
  })
})
afterAll(() => server.close())

/** Where the notices of the present test go. */
const place = (): string => `/told-${count}-`

const playbook = (path: string, condition: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: told, path: ${path} }
workflow:
  - step: start
    tool: assert
    that: [{ name: holds, expr: "${condition}" }]
`

let path = ''
let count = 0

beforeEach(async () => {
  received.length = 0
  answers = []
  path = `tests/told-${(count += 1)}`
  await registerPlaybook(playbook(path, '1 == 1'))
})

const notice = async (changes: Partial<CreateNotice> = {}): Promise<string> =>
  (
    await createNotice({
      path,
      url: `${server.origin}${place()}`,
      on: ['completed', 'failed', 'cancelled'],
      secret: null,
      ...changes,
    })
  ).notice_id

const run = async (): Promise<string> => {
  const { executionId } = await startExecution({ path, trigger: { type: 'test' } })
  await untilEnded(executionId)
  return executionId
}

const deliveriesOf = async (id: string) => (await listDeliveries(id, { limit: 50 })).items

/** What is noted of a notice is noted a moment after the receiver has it. */
const delivered = (id: string) => expect.poll(() => deliveriesOf(id), { timeout: 30_000 })

const arrived = (number: number): Promise<unknown> =>
  expect.poll(() => received.length, { timeout: 30_000 }).toBe(number)

describe('the end of a run', () => {
  it('is told with its facts and a link', async () => {
    const id = await notice()
    const executionId = await run()
    await arrived(1)
    const [{ headers, text } = NOTHING] = received
    expect(JSON.parse(text)).toMatchObject({
      delivery_id: headers['x-pageturner-delivery'],
      event: 'execution.completed',
      execution_id: executionId,
      path,
      version: 1,
      status: 'COMPLETED',
      stats: { elements: expect.any(Number), failed: 0, pages: 0, items: 0, retries: 0 },
      error: null,
      trigger: { type: 'test' },
      link: expect.stringContaining(`/runs/${executionId}`),
    })
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-pageturner-event': 'execution.completed' })
    expect(headers['x-pageturner-signature']).toBe(undefined)
    await delivered(id).toMatchObject([{ status: 'DELIVERED', attempts: 1, last_status: 204 }])
  })

  it('is told for those ends alone that were asked for', async () => {
    await notice({ on: ['failed'] })
    await run()
    await registerPlaybook(playbook(path, '1 == 2'))
    const failed = await run()
    await arrived(1)
    expect(JSON.parse(received[0]?.text ?? '')).toMatchObject({
      execution_id: failed,
      event: 'execution.failed',
      error: { message: expect.stringContaining('start') },
    })
  })

  it('is told of a cancelled run, and again of one that was retried', async () => {
    const id = await notice()
    await registerPlaybook(playbook(path, '1 == 2'))
    const executionId = await run()
    await retryExecution(executionId, { scope: 'failed' })
    await untilEnded(executionId)
    await arrived(2)
    await pool().query(`UPDATE noetl.execution SET status = 'RUNNING' WHERE execution_id = $1`, [executionId])
    await cancelExecution(executionId)
    await arrived(3)
    expect((await deliveriesOf(id)).map(({ event }) => event)).toEqual(['cancelled', 'failed', 'failed'])
  })

  it('is not told while the notice is paused', async () => {
    const id = await notice()
    await changeNotice(id, { paused: true })
    await run()
    expect(await deliveriesOf(id)).toEqual([])
  })

  it('is not written when the end is rolled back', async () => {
    const id = await notice()
    const client = await pool().connect()
    await client.query('BEGIN')
    const { executionId } = await startExecution({ path, trigger: { type: 'test' } })
    await untilEnded(executionId)
    await client.query(`UPDATE noetl.execution SET status = 'RUNNING' WHERE execution_id = $1`, [executionId])
    await client.query(`UPDATE noetl.execution SET status = 'FAILED' WHERE execution_id = $1`, [executionId])
    await client.query('ROLLBACK')
    client.release()
    expect((await deliveriesOf(id)).map(({ event }) => event)).toEqual(['completed'])
  })
})

describe('a notice', () => {
  it('is signed over the moment of sending and the body', async () => {
    await notice({ secret: 'shared secret' })
    await run()
    await arrived(1)
    const [{ headers, text } = NOTHING] = received
    const signed = createHmac('sha256', 'shared secret').update(`${String(headers['x-pageturner-timestamp'])}.${text}`)
    expect(headers['x-pageturner-signature']).toBe(`v1=${signed.digest('hex')}`)
    expect(Math.abs(Date.now() / 1000 - Number(headers['x-pageturner-timestamp']))).toBeLessThan(60)
  })

  it('puts secrets into the address and masks them in what it notes', async () => {
    answers = [500]
    const id = await notice({ url: `${server.origin}${place()}?key={{ secret.HOOK_KEY }}` })
    await run()
    await arrived(1)
    expect(received[0]?.url).toBe(`${place()}?key=k3y-of-the-hook`)
    const unreachable = await notice({ url: 'http://localhost:1/{{ secret.HOOK_KEY }}' })
    const missing = await notice({ url: 'http://localhost:1/{{ secret.NOBODY }}' })
    await run()
    for (const each of [unreachable, missing]) {
      await expect.poll(async () => (await deliveriesOf(each))[0]?.last_error, { timeout: 30_000 }).toBeTruthy()
    }
    expect(JSON.stringify(await Promise.all([id, unreachable].map(deliveriesOf)))).not.toContain('k3y-of-the-hook')
    expect((await deliveriesOf(missing))[0]?.last_error).toContain('secret.NOBODY')
  })

  it('is tried again when the receiver fails, under the same delivery id', async () => {
    answers = [503, 500]
    const id = await notice()
    await run()
    await arrived(1)
    await delivered(id).toMatchObject([
      { status: 'WAITING', attempts: 1, last_status: 503, last_error: 'The receiver answered 503.' },
    ])
    for (const [tries, last_status] of [
      [2, 503],
      [3, 500],
    ] as const) {
      // What is not noted yet would be noted over it.
      await delivered(id).toMatchObject([{ status: 'WAITING', attempts: tries - 1, last_status }])
      await pool().query(`UPDATE noetl.notice_delivery SET next_attempt_at = clock_timestamp() WHERE notice_id = $1`, [
        id,
      ])
      await arrived(tries)
    }
    await delivered(id).toMatchObject([{ status: 'DELIVERED', attempts: 3, last_error: null }])
    expect(new Set(received.map(({ headers }) => headers['x-pageturner-delivery'])).size).toBe(1)
  })

  it('is given up a day later, and sent again when somebody asks', async () => {
    answers = [500]
    const id = await notice()
    await run()
    await arrived(1)
    await delivered(id).toMatchObject([{ status: 'WAITING', attempts: 1, last_status: 500 }])
    answers = [500]
    await pool().query(
      `UPDATE noetl.notice_delivery SET next_attempt_at = clock_timestamp(),
         first_due_at = clock_timestamp() - interval '1 day' WHERE notice_id = $1`,
      [id],
    )
    await arrived(2)
    await delivered(id).toMatchObject([{ status: 'FAILED', attempts: 2, next_attempt_at: null }])
    const [delivery] = await deliveriesOf(id)
    await sendAgain(delivery?.delivery_id ?? '')
    await arrived(3)
    await delivered(id).toMatchObject([{ status: 'DELIVERED' }])
    await expect(sendAgain('999999')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is sent by another worker when the one that claimed it is gone', async () => {
    const id = await notice()
    await run()
    await arrived(1)
    await delivered(id).toMatchObject([{ status: 'DELIVERED' }])
    // As a worker leaves it that was killed between the claim and the answer, a minute ago.
    await pool().query(
      `UPDATE noetl.notice_delivery SET status = 'WAITING', next_attempt_at = clock_timestamp() WHERE notice_id = $1`,
      [id],
    )
    await arrived(2)
    await delivered(id).toMatchObject([{ status: 'DELIVERED', attempts: 2 }])
  })

  it('can not be sent to an address of this network that is not allowed', async () => {
    const id = await notice({ url: 'http://10.0.0.1/told' })
    await run()
    await expect
      .poll(async () => (await deliveriesOf(id))[0]?.last_error, { timeout: 30_000 })
      .toContain('PAGETURNER_ALLOW_HOSTS')
  })
})
