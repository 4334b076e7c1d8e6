import { NOT_SETTLED, type HandedOver, type HandingOver } from '@/server/db/hand-over'
import type { CommitResult, PageCommit } from '@/server/db/page-commit'
import type { PageWriter } from '@/server/db/page-writer'
import type { Round } from './model/commits'

const MAX_BATCH = 16

type Entry =
  | { commit: PageCommit; settlement: null; resolve: (result: CommitResult) => void; reject: (error: unknown) => void }
  | { commit: null; settlement: HandingOver; resolve: (result: HandedOver) => void; reject: (error: unknown) => void }

/** A page writer as server/db/page-writer.ts is one: rounds in order, one under way, room for so many. */
export function createModelWriter(
  maxUnwritten: number,
  writeRound: (commits: readonly PageCommit[], settlements: readonly HandingOver[]) => Promise<Round>,
): PageWriter {
  let waiting: Entry[] = []
  let wakers: (() => void)[] = []
  let unwritten = 0
  let busy = false

  const drain = async (): Promise<void> => {
    busy = true
    await Promise.resolve()
    while (waiting.length > 0) {
      const round = waiting.splice(0, MAX_BATCH)
      await settleRound(
        round.filter((entry) => !isGivenUp(entry)),
        writeRound,
      )
      unwritten -= round.length
      if (unwritten < maxUnwritten) wake()
    }
    busy = false
  }
  const wake = (): void => {
    const woken = wakers
    wakers = []
    for (const resume of woken) resume()
  }
  const add = (entry: Entry): void => {
    unwritten += 1
    waiting.push(entry)
    if (!busy) void drain()
  }
  return {
    write: (commit) => new Promise((resolve, reject) => add({ commit, settlement: null, resolve, reject })),
    settle: (settlement) => new Promise((resolve, reject) => add({ commit: null, settlement, resolve, reject })),
    hasRoom: () => unwritten < maxUnwritten,
    whenRoom: () => (unwritten < maxUnwritten ? Promise.resolve() : new Promise((resolve) => wakers.push(resolve))),
    close: () => Promise.resolve(),
  }
}

/** The end of something of which a part was refused: it is not written. */
function isGivenUp(entry: Entry): boolean {
  if (entry.settlement === null || entry.settlement.broken?.aborted !== true) return false
  entry.resolve(NOT_SETTLED)
  return true
}

async function settleRound(
  round: readonly Entry[],
  writeRound: Parameters<typeof createModelWriter>[1],
): Promise<void> {
  if (round.length === 0) return
  const pages = round.filter((entry) => entry.commit !== null)
  const ends = round.filter((entry) => entry.settlement !== null)
  try {
    const { written, settled } = await writeRound(
      pages.map(({ commit }) => commit),
      ends.map(({ settlement }) => settlement),
    )
    pages.forEach((entry, place) => entry.resolve(written[place] ?? 'fenced'))
    ends.forEach((entry, place) => entry.resolve(settled[place] ?? NOT_SETTLED))
  } catch (error) {
    for (const entry of round) entry.reject(error)
  }
}
