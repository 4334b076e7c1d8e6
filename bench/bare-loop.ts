import { Pool } from 'undici'
import { itemsOf, paramsOf, type Trial } from './trials'

export type Measured = { wallMs: number; cpuMs: number }

type Page = { data: unknown[]; paging: { hasMore: boolean } }

/** The least that can be done: ask for the pages with undici, parse them, keep nothing. Everything else is measured against it. */
export async function runBareLoop(trial: Trial, origin: string): Promise<Measured> {
  const pool = new Pool(origin)
  const started = performance.now()
  const cpu = process.cpuUsage()
  let items = 0
  let next = 0
  await Promise.all(
    Array.from({ length: trial.concurrency }, async () => {
      while (next < trial.elements) {
        const read = await readElement(pool, trial, next++)
        items += read
      }
    }),
  )
  const { user, system } = process.cpuUsage(cpu)
  const wallMs = performance.now() - started
  await pool.close()
  if (items !== itemsOf(trial)) throw new Error(`the bare loop saw ${items} items, not ${itemsOf(trial)}`)
  return { wallMs, cpuMs: (user + system) / 1000 }
}

async function readElement(pool: Pool, trial: Trial, element: number): Promise<number> {
  const query = new URLSearchParams(paramsOf(trial, element)).toString()
  let items = 0
  for (let page = 1; ; page += 1) {
    const { body } = await pool.request({ method: 'GET', path: `/api/v1/assessments?${query}&page=${page}` })
    const { data, paging } = (await body.json()) as Page
    items += data.length
    if (!paging.hasMore) return items
  }
}
