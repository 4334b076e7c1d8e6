import pg, { type Pool } from 'pg'
import { NOT_SETTLED, type HandedOver, type HandingOver } from './hand-over'
import type { CommitResult, PageCommit } from './page-commit'
import { writeCommits } from './write-commits'

const LANES = 2
const MAX_BATCH = 16
const MAX_UNWRITTEN = 32
/** A round costs as much as three pages of it: while pages come fast, it waits so long for more of them. */
const LINGER_MS = 5

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
  const lanes = Array.from({ length: LANES }, createLane)
  let unwritten = 0
  let closed = false
  let wakers: (() => void)[] = []

  const drain = async (lane: Lane): Promise<void> => {
    lane.busy = true
    // One turn of the loop later: what other elements have ready in this same tick joins the round.
    await new Promise(setImmediate)
    while (lane.waiting.length > 0) {
      await gather(lane, maxBatch)
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
    join(lane, entry, maxBatch)
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
      for (const lane of lanes) lane.hurry?.()
      await Promise.all(lanes.map((lane) => lane.running))
    },
  }
}

type Lane = {
  waiting: Entry[]
  running: Promise<void>
  busy: boolean
  /** When the latest entry came, and how long after the one before it. */
  cameAt: number
  gapMs: number
  /** Ends the wait for more. */
  hurry: (() => void) | null
}

const createLane = (): Lane => ({
  waiting: [],
  running: Promise.resolve(),
  busy: false,
  cameAt: -Infinity,
  gapMs: Infinity,
  hurry: null,
})

function join(lane: Lane, entry: Entry, maxBatch: number): void {
  const now = performance.now()
  lane.gapMs = now - lane.cameAt
  lane.cameAt = now
  lane.waiting.push(entry)
  if (isUrgent(entry) || lane.waiting.length >= maxBatch) lane.hurry?.()
}

/** Someone waits for it: the next element for an end, a sink for what is written before it. */
const isUrgent = ({ commit }: Entry): boolean =>
  commit === undefined || commit.status === 'WAITING' || (commit.page === null && commit.events.length === 0)

/** Waits for a fuller round while entries come fast. */
async function gather(lane: Lane, maxBatch: number): Promise<void> {
  const isFull = lane.waiting.length >= maxBatch || lane.waiting.some(isUrgent)
  if (isFull || lane.gapMs > LINGER_MS) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      lane.hurry = null
      resolve()
    }
    const timer = setTimeout(done, LINGER_MS)
    lane.hurry = done
  })
}

/** The end of something of which a part was refused: it is not written. */
function isGivenUp(entry: Entry): boolean {
  if (entry.settlement === undefined || entry.settlement.broken?.aborted !== true) return false
  entry.resolve(NOT_SETTLED)
  return true
}

/** Never rejects: every entry learns its own result. */
async function writeRound(pool: Pool, all: readonly Entry[]): Promise<void> {
  const round = all.filter((entry) => !isGivenUp(entry))
  if (round.length === 0) return
  try {
    await commitTogether(pool, round)
  } catch (error) {
    const [first, ...others] = round
    if (first === undefined) return
    if (!(error instanceof pg.DatabaseError)) {
      for (const entry of round) entry.reject(error)
    } else if (others.length > 0) {
      // Something in the round was refused: one by one, the others are written and the culprit is known.
      for (const entry of round) {
        await writeRound(pool, [entry])
        // Whoever handed in an entry that failed has seen it before the end of the same work is written.
        await new Promise(setImmediate)
      }
    } else {
      first.reject(error)
    }
  }
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
  ends.forEach((entry, place) => entry.resolve(round.settled[place] ?? NOT_SETTLED))
}

/** Two commits of one page under one claim are one. */
const isSame = (a: PageCommit, b: PageCommit): boolean =>
  a.page !== null &&
  a.page.page === b.page?.page &&
  a.epoch === b.epoch &&
  a.executionId === b.executionId &&
  a.step === b.step &&
  a.index === b.index
