import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startSampleApi, type SampleApi } from './sample-api'

const item = z.looseObject({
  id: z.number(),
  name: z.string(),
  email: z.string(),
  created_at: z.iso.datetime(),
  score: z.number(),
  tags: z.array(z.string()),
})
const paging = z.strictObject({ hasMore: z.boolean(), page: z.number(), pageSize: z.number(), total: z.number() })
const assessments = z.strictObject({ data: z.array(item), paging })
const users = z.strictObject({
  users: z.array(item),
  data: z.array(item),
  has_more: z.boolean(),
  offset: z.number(),
  limit: z.number(),
  total: z.number(),
  paging,
})
const events = z.strictObject({ events: z.array(item), next_cursor: z.string().nullable(), limit: z.number() })

let api: SampleApi
beforeAll(async () => {
  api = await startSampleApi({ host: '127.0.0.1', port: 0 })
})
afterAll(() => api.close())

const get = async (path: string, init?: RequestInit) => {
  const response = await fetch(`http://127.0.0.1:${api.port}${path}`, init)
  return { status: response.status, headers: response.headers, text: await response.text() }
}
const read = async <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
  schema.parse(JSON.parse((await get(path)).text))
const ids = (items: { id: number }[]) => items.map(({ id }) => id)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('the sample API', () => {
  it('pages assessments: 35 items in 4 pages of 10', async () => {
    const pages = []
    for (let page = 1; page <= 5; page += 1)
      pages.push(await read(`/api/v1/assessments?page=${page}&pageSize=10`, assessments))
    expect(pages.map(({ data }) => data.length)).toEqual([10, 10, 10, 5, 0])
    expect(pages.flatMap(({ data }) => ids(data))).toEqual(range(1, 35))
    expect(pages.map(({ paging: { hasMore } }) => hasMore)).toEqual([true, true, true, false, false])
    expect(pages[1]?.paging).toEqual({ hasMore: true, page: 2, pageSize: 10, total: 35 })
    expect(await read('/api/v1/assessments', assessments)).toEqual(pages[0])
  })

  it('answers users in both shapes, by offset or by page', async () => {
    const byPage = await read('/api/v1/users?page=3&pageSize=15', users)
    expect(byPage).toMatchObject({
      has_more: false,
      offset: 30,
      limit: 15,
      total: 35,
      paging: { hasMore: false, page: 3, pageSize: 15, total: 35 },
    })
    expect(ids(byPage.users)).toEqual(range(31, 35))
    expect(byPage.data).toEqual(byPage.users)
    expect(await read('/api/v1/users?offset=30&limit=15', users)).toEqual(byPage)
    expect(ids((await read('/api/v1/users?offset=7&limit=3', users)).users)).toEqual([8, 9, 10])
    expect(await read('/api/v1/users?offset=20', users)).toMatchObject({ has_more: true, limit: 10 })
  })

  it('pages events by an opaque cursor', async () => {
    const seen: number[] = []
    let cursor: string | null = ''
    let requests = 0
    while (cursor !== null) {
      const page: z.infer<typeof events> = await read(`/api/v1/events?limit=15${cursor && `&cursor=${cursor}`}`, events)
      seen.push(...ids(page.events))
      cursor = page.next_cursor
      requests += 1
    }
    expect([seen, requests]).toEqual([range(1, 35), 3])
  })

  it('fails the first try of the pages in fail_on, by key, until reset', async () => {
    const status = async (path: string) => (await get(path)).status
    const page2 = '/api/v1/flaky?page=2&fail_on=2,3'
    expect([await status('/api/v1/flaky?page=1&fail_on=2,3'), await status(page2), await status(page2)]).toEqual([
      200, 500, 200,
    ])
    expect([await status(`${page2}&key=a`), await status(`${page2}&key=b`), await status(`${page2}&key=a`)]).toEqual([
      500, 500, 200,
    ])
    expect(await status(page2)).toBe(200)
    await get('/api/v1/flaky/reset?key=a', { method: 'POST' })
    expect([await status(`${page2}&key=a`), await status(`${page2}&key=b`)]).toEqual([500, 200])
    await get('/api/v1/flaky/reset', { method: 'POST' })
    expect([await status(page2), await status(`${page2}&key=b`)]).toEqual([500, 500])
    expect((await read('/api/v1/flaky?page=4', assessments)).paging).toEqual({
      hasMore: false,
      page: 4,
      pageSize: 10,
      total: 35,
    })
  })

  it('waits before pages by default when it is started so, unless a request says otherwise', async () => {
    const slow = await startSampleApi({ host: '127.0.0.1', port: 0, pageDelayMs: 600 })
    const took = async (path: string) => {
      const startedAt = performance.now()
      await (await fetch(`http://127.0.0.1:${slow.port}${path}`)).text()
      return performance.now() - startedAt
    }
    await took('/health')
    expect(await took('/api/v1/events')).toBeGreaterThanOrEqual(598)
    const atOnce = [1, 2, 3].map(async () => took('/api/v1/events?delay_ms=0'))
    expect(Math.min(...(await Promise.all(atOnce)))).toBeLessThan(598)
    expect(await (await fetch(`http://127.0.0.1:${slow.port}/`)).text()).toContain('pages wait 600 ms unless told')
    await slow.close()
  })

  it('takes total, item_bytes and delay_ms everywhere', async () => {
    const { data, paging: facts } = await read(
      '/api/v1/assessments?page=1000&pageSize=100&total=100000&item_bytes=600',
      assessments,
    )
    expect([ids(data), facts.hasMore, facts.total]).toEqual([range(99_901, 100_000), false, 100_000])
    for (const one of data) expect(Buffer.byteLength(JSON.stringify(one))).toBe(600)
    expect((await read('/api/v1/users?total=0', users)).users).toEqual([])
    const started = performance.now()
    for (const path of ['/api/v1/events', '/api/v1/events', '/health', '/']) await get(`${path}?delay_ms=40`)
    expect(performance.now() - started).toBeGreaterThanOrEqual(155)
  })

  it('answers the same bytes each time', async () => {
    const other = await startSampleApi({ host: '127.0.0.1', port: 0 })
    const elsewhere = await (await fetch(`http://127.0.0.1:${other.port}/api/v1/events?limit=35`)).text()
    await other.close()
    expect((await get('/api/v1/events?limit=35')).text).toBe(elsewhere)
  })

  it.each([
    ['/api/v1/assessments?page=0', 'page'],
    ['/api/v1/assessments?page=x', 'page'],
    ['/api/v1/assessments?pageSize=-1', 'pageSize'],
    ['/api/v1/assessments?pageSize=10001', 'pageSize'],
    ['/api/v1/users?offset=-5', 'offset'],
    ['/api/v1/users?limit=1.5', 'limit'],
    ['/api/v1/users?offset=5&page=2', 'page'],
    ['/api/v1/events?cursor=nonsense', 'cursor'],
    ['/api/v1/events?cursor=Mg', 'cursor'],
    ['/api/v1/flaky?fail_on=2,x', 'fail_on'],
    ['/api/v1/flaky?total=-1', 'total'],
    ['/health?delay_ms=61000', 'delay_ms'],
    ['/api/v1/assessments?pageSize=10000&item_bytes=1000000', 'item_bytes'],
    ['//', 'url'],
  ])('answers 400 to %s and names %s', async (path, parameter) => {
    const { status, text } = await get(path)
    expect(status).toBe(400)
    expect(JSON.parse(text)).toMatchObject({ parameter, message: expect.stringContaining(`${parameter}: `) })
  })

  it('knows what it does not know', async () => {
    expect(await get('/api/v1/nothing')).toMatchObject({ status: 404, text: expect.stringContaining('"not_found"') })
    expect(await get('/constructor')).toMatchObject({ status: 404 })
    expect(await get('/api/v1/users', { method: 'DELETE' })).toMatchObject({ status: 405 })
    expect((await get('/api/v1/flaky/reset')).headers.get('allow')).toBe('POST')
    expect(await get('/api/v1/users', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  })

  it('says at / what it is and what it served, as HTML or JSON', async () => {
    const html = await get('/', { headers: { accept: 'text/html,*/*' } })
    expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(html.text).toContain('not a real service')
    expect(html.text).toContain('href="/api/v1/users?offset=10&amp;limit=15"')
    const facts = await read(
      '/',
      z.looseObject({ name: z.string(), requests_served: z.record(z.string(), z.number()) }),
    )
    expect(facts.name).toBe('Pageturner sample API')
    expect(facts.requests_served['/api/v1/users']).toBeGreaterThan(0)
  })

  it('lets a test see what it was asked', async () => {
    const url = '/api/v1/assessments?page=2&probe=1'
    await get(url)
    await get(url)
    expect(api.count(url)).toBe(2)
    expect(api.requests().at(-1)).toMatchObject({ method: 'GET', url, at: expect.any(Date) })
  })

  it('says in a sentence that its port is taken', async () => {
    await expect(startSampleApi({ host: '127.0.0.1', port: api.port })).rejects.toMatchObject({
      code: 'unavailable',
      message: `The sample API can't listen on 127.0.0.1:${api.port}: port ${api.port} is taken by another program.`,
      hint: expect.stringContaining('PAGETURNER_SAMPLE_PORT'),
    })
  })
})
