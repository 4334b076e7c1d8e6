import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../db/testing/create-test-database'
import { pool } from '../db/pool'
import { seedEvents, seedExecution } from './testing/seed-execution'
import { streamExecution } from './stream-execution'
import { closeStreamHub, streamHub } from '../sse/stream-hub'

type Message = { id: number; event: string; data: { seq: number; execution_id?: string } }

async function* messagesOf(response: Response): AsyncGenerator<Message> {
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks.filter((candidate) => !candidate.startsWith(':'))) {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
      yield { id: Number(field('id')), event: field('event'), data: JSON.parse(field('data')) }
    }
  }
}

async function seqsOf(response: Response): Promise<number[]> {
  const seqs: number[] = []
  for await (const { id, event, data } of messagesOf(response)) {
    if (event === 'end') return [...seqs, -id]
    expect(data.seq).toBe(id)
    seqs.push(id)
  }
  return seqs
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)
const open = (executionId: string, after = 0, signal = new AbortController().signal): Promise<Response> =>
  streamExecution({ executionId, after, signal })

beforeAll(createTestDatabase)
afterAll(closeStreamHub)

describe('the stream of an execution', () => {
  it('replays a finished log from where the client stands, says end, and closes', async () => {
    const id = await seedExecution({ status: 'COMPLETED' })
    await seedEvents(id, 'page_fetched', range(1, 2_500))
    await seedEvents(id, 'playbook_completed', [1])
    expect(await seqsOf(await open(id))).toEqual([...range(1, 2_501), -2_501])
    expect(await seqsOf(await open(id, 2_490))).toEqual([...range(2_491, 2_501), -2_501])
    expect(await seqsOf(await open(id, 2_501))).toEqual([-2_501])
  })

  it('gives every client each event once and in order, whenever it joins while events are written', async () => {
    const id = await seedExecution()
    const total = 3_000
    let written = 0
    const writing = (async () => {
      while (written < total) {
        const batch = Math.min(1 + Math.floor(Math.random() * 20), total - written)
        await seedEvents(id, 'page_fetched', range(written + 1, written + batch))
        written += batch
        if (Math.random() < 0.3) await delay(Math.random() * 8)
      }
      await seedEvents(id, 'playbook_completed', [1])
    })()
    const clients = range(1, 40).map(async () => {
      await delay(Math.random() * 1_500)
      const after = Math.floor(Math.random() * (written + 1))
      return { after, seqs: await seqsOf(await open(id, after)) }
    })
    await writing
    for (const { after, seqs } of await Promise.all(clients)) {
      expect(seqs).toEqual([...range(after + 1, total + 1), -(total + 1)])
    }
  })

  it('goes on after its connection to the database was cut, missing nothing', async () => {
    const id = await seedExecution()
    const seqs = seqsOf(await open(id))
    await seedEvents(id, 'page_fetched', range(1, 10))
    const cut = async (): Promise<number | null> =>
      (
        await pool().query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pageturner-listen' AND datname = current_database()`,
        )
      ).rowCount
    await expect.poll(cut, { timeout: 20_000 }).toBe(1)
    await seedEvents(id, 'page_fetched', range(11, 20))
    await seedEvents(id, 'playbook_completed', [1])
    expect(await seqs).toEqual([...range(1, 21), -21])
  })

  it('brings an event to the client within a moment of its commit', async () => {
    const id = await seedExecution()
    const messages = messagesOf(await open(id))
    const took: number[] = []
    for (const n of range(1, 10)) {
      const next = messages.next().then(() => performance.now())
      await seedEvents(id, 'page_fetched', [n])
      const committedAt = performance.now()
      took.push((await next) - committedAt)
    }
    await messages.return(undefined)
    // Who only looks every two seconds is as late with each that follows another at once; a busy machine is not with all.
    expect(took.toSorted((a, b) => a - b)[2]).toBeLessThan(500)
  })

  it('disconnects a client that does not read, and leaves the others alone', async () => {
    const id = await seedExecution()
    const stalled = await open(id)
    const reading = seqsOf(await open(id))
    const filler = 'x'.repeat(20_000)
    await pool().query(
      `WITH s AS (UPDATE noetl.execution SET last_seq = last_seq + 200 WHERE execution_id = $1 RETURNING last_seq - 200 AS base)
       INSERT INTO noetl.event (execution_id, seq, event_type, status, context)
       SELECT $1, base + n, 'page_fetched', 'RUNNING', jsonb_build_object('filler', $2::text) FROM s, generate_series(1, 200) n`,
      [id, filler],
    )
    await seedEvents(id, 'playbook_completed', [1])
    expect(await reading).toEqual([...range(1, 201), -201])
    await expect(seqsOf(stalled)).rejects.toThrow('too slow')
  })

  it('frees everything when the clients have gone, by closing the body or by aborting', async () => {
    const id = await seedExecution()
    const before = streamHub().viewers()
    const leaving = new AbortController()
    const first = await open(id)
    await open(id, 0, leaving.signal)
    expect(streamHub().viewers()).toBe(before + 2)
    await first.body?.cancel()
    leaving.abort()
    expect(streamHub().viewers()).toBe(before)
    const connections = async (): Promise<number | null> =>
      (
        await pool().query(
          `SELECT 1 FROM pg_stat_activity WHERE application_name = 'pageturner-listen' AND datname = current_database()`,
        )
      ).rowCount
    await expect.poll(connections, { timeout: 20_000 }).toBe(0)
  })

  it('refuses an execution that is not there before the first byte', async () => {
    await expect(open('999999')).rejects.toThrow('There is no execution 999999')
  })
})
