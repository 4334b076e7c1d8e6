import type { Draw } from '../draw'

/** One act on the store; claims are named by the order in which they were given. */
export type Operation =
  | { do: 'claim'; index: number; worker: string }
  | { do: 'round'; commits: CommitOf[]; ends: EndOf[] }
  | { do: 'renew'; worker: string; claims: number[] }
  | { do: 'release' | 'park'; claim: number }
  /** Time passes. No limit that the store knows is near a multiple of four seconds. */
  | { do: 'advance'; ms: number }
  | { do: 'orchestrate' | 'sweep' | 'cancel' | 'pause' | 'resume' }
  /** Of everything, or of one element. */
  | { do: 'retry'; index: number | null }

export type CommitOf = {
  claim: number
  page: number | null
  attempt: { page: number; delayMs: number | null } | null
  /** The iteration waits for so long. */
  waitMs: number | null
}
export type EndOf = { claim: number; status: 'COMPLETED' | 'FAILED'; next: { worker: string; goesOn: boolean } | null }

export const ELEMENTS = ['a', 'b', 'c', 'd']
const WORKERS = ['w1', 'w2']

/** What somebody might do next, knowing how many claims were given so far. */
export function drawOperation(draw: Draw, claims: number): Operation {
  const worker = draw.pick(WORKERS)
  const claim = latest(draw, claims)
  const dice = draw.next()
  if (claim === null || dice < 0.2) return { do: 'claim', index: firstOnes(draw), worker }
  if (dice < 0.6) return drawRound(draw, claims)
  if (dice < 0.66) return { do: 'renew', worker, claims: [...new Set([claim, latest(draw, claims) ?? claim])] }
  if (dice < 0.69) return { do: draw.pick(['release', 'park'] as const), claim }
  if (dice < 0.76) return { do: 'advance', ms: draw.pick([4_000, 12_000]) }
  if (dice < 0.88) return { do: 'orchestrate' }
  if (dice < 0.91) return { do: 'sweep' }
  const what = draw.pick(['cancel', 'pause', 'resume', 'resume', 'resume', 'retry', 'retry', 'retry'] as const)
  if (what !== 'retry') return { do: what }
  return { do: what, index: draw.chance(0.5) ? firstOnes(draw) : null }
}

/** Mostly what is handed out first: an element that was claimed before its turn is not handed over. */
const firstOnes = (draw: Draw): number => Math.floor(ELEMENTS.length * draw.next() ** 3)

/** Mostly a claim that may still hold, at times one that was replaced long ago. */
const latest = (draw: Draw, claims: number): number | null =>
  claims === 0 ? null : Math.max(0, claims - 1 - (draw.chance(0.8) ? draw.whole(0, 1) : draw.whole(0, claims)))

function drawRound(draw: Draw, claims: number): Operation {
  const commits = Array.from({ length: draw.whole(0, 3) }, (): CommitOf => {
    const page = draw.chance(0.7) ? draw.whole(1, 5) : null
    const hasFailed = draw.chance(0.2)
    return {
      claim: latest(draw, claims) ?? 0,
      page,
      attempt: hasFailed ? { page: draw.whole(1, 5), delayMs: draw.pick([null, 100]) } : null,
      waitMs: draw.chance(0.15) ? draw.pick([0, 6_000]) : null,
    }
  })
  const ends = Array.from({ length: draw.pick([0, 0, 0, 1, 1, 2]) }, (): EndOf => {
    const next = draw.chance(0.8) ? { worker: draw.pick(WORKERS), goesOn: draw.chance(0.5) } : null
    return { claim: latest(draw, claims) ?? 0, status: draw.pick(['COMPLETED', 'COMPLETED', 'FAILED']), next }
  })
  return { do: 'round', commits, ends }
}

/** A round never holds a page twice, or a try of one: the writer makes one of two commits of a page. */
export function withoutDoubles(commits: readonly CommitOf[], indexOf: (claim: number) => number): CommitOf[] {
  const seen = new Set<string>()
  return commits.filter(({ claim, page, attempt }) => {
    const keys = [page !== null && `page ${page}`, attempt !== null && `try of ${attempt.page}`]
      .filter((key) => key !== false)
      .map((key) => `${indexOf(claim)}: ${key}`)
    const isDouble = keys.some((key) => seen.has(key))
    for (const key of keys) seen.add(key)
    return !isDouble
  })
}
