import pg, { type Pool } from 'pg'
import type { HandedOver, HandingOver } from './hand-over'
import type { CommitResult, PageCommit } from './page-commit'
import { asJsonString } from './to-json'
import { writeCommits } from './write-commits'

const LANES = 2
const MAX_BATCH = 16
const MAX_UNWRITTEN = 64
/** What the server says of a body that its `json` type can't hold: bad input, too many levels. */
const REFUSED_JSON: ReadonlySet<string> = new Set(['22P02', '22P05', '54001'])

export type PageWriter = {
  /** Resolves when the commit is durable, never before. Rejects when it could not be written; its neighbours are unharmed. */
  write(commit: PageCommit): Promise<CommitResult>
  /** Ends an iteration in the same rounds, after what was written of it before. */
  settle(settlement: HandingOver): Promise<HandedOver>
  /** False at `maxUnwritten` commits that are not durable yet: stop fetching. */
  hasRoom(): boolean
  whenRoom(): Promise<void>
  /** Writes what is waiting, then refuses more. */
  close(): Promise<void>
}

type Entry = PageEntry | EndEntry
type PageEntry = Waiting<CommitResult> & { commit: PageCommit; settlement?: undefined }
type EndEntry = Waiting<HandedOver> & { commit?: undefined; settlement: HandingOver }
type Waiting<Result> = { resolve(result: Result): void; reject(error: unknown): void }

/**
 * Group commit: whatever concurrent elements have ready goes out as one transaction a round, on at most two connections.
 * An execution stays on one of them, so that its commits are written in the order they were given.
 */
export function createPageWriter(options: { pool: Pool; maxBatch?: number; maxUnwritten?: number }): PageWriter {
  const { pool, maxBatch = MAX_BATCH, maxUnwritten = MAX_UNWRITTEN } = options
  const lanes = Array.from({ length: LANES }, () => ({
    waiting: [] as Entry[],
    running: Promise.resolve(),
    busy: false,
  }))
  let unwritten = 0
  let closed = false
  let wakers: (() => void)[] = []

  const drain = async (lane: (typeof lanes)[number]): Promise<void> => {
    lane.busy = true
    // One turn of the loop later: what other elements have ready in this same tick joins the round.
    await new Promise(setImmediate)
    while (lane.waiting.length > 0) {
      const round = lane.waiting.splice(0, maxBatch)
      await writeRound(pool, round)
      unwritten -= round.length
      if (unwritten < maxUnwritten) wake()
    }
    lane.busy = false
  }

  const wake = (): void => {
    const woken = wakers
    wakers = []
    for (const resume of woken) resume()
  }

  const add = (executionId: string, entry: Entry): void => {
    if (closed) return entry.reject(new Error('The page writer is closed.'))
    const lane = lanes[Number(executionId.at(-1)) % LANES] ?? lanes[0]
    if (lane === undefined) throw new Error('The page writer has no lane.')
    unwritten += 1
    lane.waiting.push(entry)
    if (!lane.busy) lane.running = drain(lane)
  }

  return {
    write: (commit) => new Promise((resolve, reject) => add(commit.executionId, { commit, resolve, reject })),
    settle: (settlement) =>
      new Promise((resolve, reject) => add(settlement.executionId, { settlement, resolve, reject })),
    hasRoom: () => unwritten < maxUnwritten,
    whenRoom: () => (unwritten < maxUnwritten ? Promise.resolve() : new Promise((resolve) => wakers.push(resolve))),
    async close() {
      closed = true
      await Promise.all(lanes.map((lane) => lane.running))
    },
  }
}

/** Never rejects: every entry learns its own result. */
async function writeRound(pool: Pool, round: readonly Entry[]): Promise<void> {
  try {
    await commitTogether(pool, round)
  } catch (error) {
    const [first, ...others] = round
    if (first === undefined) return
    if (!(error instanceof pg.DatabaseError)) {
      for (const entry of round) entry.reject(error)
    } else if (others.length > 0) {
      // Something in the round was refused: one by one, the others are written and the culprit is known.
      for (const entry of round) await writeRound(pool, [entry])
    } else {
      await writeAlone(pool, first, error)
    }
  }
}

async function writeAlone(pool: Pool, entry: Entry, error: pg.DatabaseError): Promise<void> {
  const page = entry.commit?.page ?? null
  if (entry.commit === undefined || page === null || !REFUSED_JSON.has(error.code ?? '')) {
    entry.reject(error)
    return
  }
  const body = page.body === null ? null : asJsonString(page.body)
  const items = page.items === null ? null : asJsonString(page.items)
  const commit = { ...entry.commit, page: { ...page, body, items } }
  await commitTogether(pool, [{ ...entry, commit }]).catch((failure: unknown) => entry.reject(failure))
}

async function commitTogether(pool: Pool, entries: readonly Entry[]): Promise<void> {
  const pages = entries.flatMap((entry) => (entry.commit === undefined ? [] : [entry]))
  const ends = entries.flatMap((entry) => (entry.settlement === undefined ? [] : [entry]))
  const once = pages.filter(
    ({ commit }, place) => !pages.slice(0, place).some((earlier) => isSame(earlier.commit, commit)),
  )
  const round = await writeCommits(
    pool,
    once.map(({ commit }) => commit),
    ends.map(({ settlement }) => settlement),
  )
  for (const entry of pages) {
    const place = once.findIndex((other) => other === entry || isSame(other.commit, entry.commit))
    entry.resolve(round.written[place] === true ? 'written' : 'fenced')
  }
  ends.forEach((entry, place) => entry.resolve(round.settled[place] ?? { settled: false, next: null }))
}

/** Two commits of one page under one claim are one. */
const isSame = (a: PageCommit, b: PageCommit): boolean =>
  a.page !== null &&
  a.page.page === b.page?.page &&
  a.epoch === b.epoch &&
  a.executionId === b.executionId &&
  a.step === b.step &&
  a.index === b.index
