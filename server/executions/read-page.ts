import { attemptSchema, type AttemptAnswer, type PageAnswer } from '@/domain/api/iterations'
import { DomainError } from '@/domain/domain-error'
import { pool } from '../db/pool'
import { prisma } from '../db/prisma'
import { stepOfIteration } from './read-iterations'
import { rowsOf } from './read-pages-in-order'

const MAX_BODY_CHARACTERS = 256 * 1024
const MAX_ITEMS = 1_000

type PageRow = {
  request: Record<string, unknown>
  status: number
  response_headers: Record<string, string>
  timing: Record<string, number>
  started_at: Date
  duration_ms: number
  bytes: number
  item_count: number
  body: string | null
  items: string | null
  items_path: string[]
  next: Record<string, unknown>
  attempt: number
}

export type PageAddress = { executionId: string; index: number; page: number; step?: string | undefined }
type Key = PageAddress & { step: string }

/**
 * One page with its failed tries as JSON text, its items as they stood in the response. A page that no try has brought
 * yet has only the tries. Throws DomainError('not_found' | 'invalid_request').
 */
export async function readPage(address: PageAddress): Promise<string> {
  const { executionId, index, page } = address
  const step = await stepOfIteration(executionId, index, address.step)
  const key = { executionId, step, index, page }
  const [saved, attempts] = await Promise.all([readSaved(key), readAttempts(key)])
  if (saved === undefined && attempts.length === 0) {
    throw new DomainError('not_found', `Iteration ${index} of step "${step}" has no page ${page} on record.`)
  }
  const facts = { step, index, page, ...(saved === undefined ? NOT_SAVED : savedFacts(saved)), attempts }
  const items = saved === undefined ? '' : firstItems(saved)
  return `${JSON.stringify(facts).slice(0, -1)},"items":[${items}]}`
}

type SavedFacts = Omit<PageAnswer, 'step' | 'index' | 'page' | 'attempts' | 'items'>

const NOT_SAVED: SavedFacts = {
  request: null,
  response: null,
  timing: null,
  started_at: null,
  duration_ms: null,
  attempt: null,
  next: null,
  item_count: 0,
}

const savedFacts = (saved: PageRow): SavedFacts => ({
  request: saved.request,
  response: {
    status: saved.status,
    headers: saved.response_headers,
    bytes: saved.bytes,
    body: (saved.body ?? '').slice(0, MAX_BODY_CHARACTERS),
    body_truncated: (saved.body ?? '').length > MAX_BODY_CHARACTERS,
  },
  timing: saved.timing,
  started_at: saved.started_at.toISOString(),
  duration_ms: saved.duration_ms,
  attempt: saved.attempt,
  next: saved.next,
  item_count: saved.item_count,
})

function firstItems({ items, body, items_path: itemsPath }: PageRow): string {
  const source = { text: items ?? body, itemsPath: items === null ? itemsPath : null }
  const slices: string[] = []
  for (const { item } of rowsOf({ step: '', index: 0, page: 0, element: null, itemCount: 0, ...source })) {
    if (slices.push(item) === MAX_ITEMS) break
  }
  return slices.join(',')
}

async function readSaved({ executionId, step, index, page }: Key): Promise<PageRow | undefined> {
  const { rows } = await pool().query<PageRow>(
    `SELECT request, status, response_headers, timing, started_at, duration_ms, bytes, item_count, body::text AS body,
       items::text AS items, items_path, next, attempt
     FROM noetl.page WHERE execution_id = $1 AND step = $2 AND iteration_index = $3 AND page = $4`,
    [executionId, step, index, page],
  )
  return rows[0]
}

async function readAttempts({ executionId, step, index, page }: Key): Promise<AttemptAnswer[]> {
  const attempts = await prisma().attempt.findMany({
    where: { executionId: BigInt(executionId), step, iterationIndex: index, page },
    orderBy: { attempt: 'asc' },
  })
  return attempts.map((row) =>
    attemptSchema.parse({
      attempt: row.attempt,
      request: row.request,
      status: row.status,
      headers: row.responseHeaders,
      body_text: row.bodyText,
      error: row.error,
      delay_ms: row.delayMs,
      started_at: row.startedAt.toISOString(),
      duration_ms: row.durationMs,
    }),
  )
}
