import { hasMoved } from '@/server/db/write-commits'
import type { Claim } from '@/server/db/claim-iteration'
import type { HandedOver, HandingOver } from '@/server/db/hand-over'
import type { CommitResult, IterationKey, PageCommit } from '@/server/db/page-commit'
import type { HeldClaim } from '@/server/db/renew-leases'
import type { Database } from './model/rows'
import { placeNameOf, urlOfRecord } from './paged-answer'

/** The promises of docs and README that a run is held against. */
export type Property =
  | 'P1'
  | 'P2'
  | 'P3'
  | 'P4'
  | 'P5'
  | 'P6'
  | 'P9'
  | 'P11'
  | 'pause'
  | 'limit'
  | 'ends'
  | 'no surprise'
export type Violation = { property: Property; message: string; at: number }

/** One ticket at work on one process. */
export type Turn = { id: number; worker: string }

/** Who was given an iteration last, by the witness's own book and not by the store's. */
type Grant = {
  turn: Turn
  epoch: number
  idle: number
  /** By the names of their places, as `asked`. */
  saved: ReadonlySet<string>
  asked: Map<string, 'open' | 'good' | 'bad'>
}

export type Witness = {
  violations: Violation[]
  /** How often each thing was met that a run should be able to bear. */
  meetings: Map<string, number>
  met: (what: string) => void
  broken: (property: Property, message: string) => void
  granted: (turn: Turn, key: KeyOf, epoch: number) => void
  released: (turn: Turn, held: HeldClaim) => void
  /** A retry: what was counted of starts is forgotten. */
  reopened: () => void
  asked: (turn: Turn, key: KeyOf, request: { place: string; quietSince: number }) => void
  /** The API of a rate limit has asked a worker to let no request pass for so long. */
  limited: (pauseMs: number) => void
  answered: (turn: Turn, key: KeyOf, answer: { place: string; isGood: boolean }) => void
  wrote: (turn: Turn, commit: PageCommit, result: CommitResult) => void
  ended: (turn: Turn, settlement: HandingOver, given: HandedOver) => void
}

type KeyOf = Pick<IterationKey, 'step' | 'index'>

/** Starts without anything written after which no request goes out any more (P11). */
const IDLE_STARTS = 3

/** All workers know by then of a pause that one of them was told of. */
const HEARD_WITHIN_MS = 1_000 + 50

/** Sees every grant, request and write as it happens, and says what must not be. */
export function createWitness(db: Database, now: () => number, isPoisoned: (at: KeyOf) => boolean): Witness {
  const violations: Violation[] = []
  const grants = new Map<string, Grant>()
  const meetings = new Map<string, number>()
  const pause = { since: -Infinity, until: -Infinity }
  const met = (what: string): void => {
    meetings.set(what, (meetings.get(what) ?? 0) + 1)
  }
  const broken = (property: Property, message: string): void => {
    violations.push({ property, message, at: now() })
  }
  /** What this turn may do; undefined where it was replaced, which it can't know yet. */
  const own = (turn: Turn, key: KeyOf): Grant | undefined => {
    const grant = grants.get(nameOf(key))
    return grant?.turn.id === turn.id ? grant : undefined
  }
  const granted: Witness['granted'] = (turn, key, epoch) => {
    const before = grants.get(nameOf(key))
    if (before !== undefined && before.epoch >= epoch)
      broken('P6', `${nameOf(key)} was given out as epoch ${epoch} after epoch ${before.epoch}`)
    if (before !== undefined && before.turn.worker !== turn.worker) met('taken over')
    const idle = (before?.idle ?? 0) + 1
    grants.set(nameOf(key), { turn, epoch, idle, saved: savedOf(db, key), asked: new Map() })
  }
  return {
    violations,
    meetings,
    met,
    broken,
    granted,
    released(turn, held) {
      const grant = own(turn, held)
      if (grant?.epoch === held.epoch) grant.idle = Math.max(0, grant.idle - 1)
    },
    reopened() {
      for (const grant of grants.values()) grant.idle = 0
    },
    limited(pauseMs) {
      if (pause.until <= now()) pause.since = now()
      pause.until = Math.max(pause.until, now() + pauseMs)
    },
    asked(turn, key, { place, quietSince }) {
      met('requests')
      if (quietSince < pause.since && now() > pause.since + HEARD_WITHIN_MS && now() < pause.until)
        broken(
          'limit',
          `${turn.worker} asked for ${place}, ${Math.round(pause.until - now())} ms before its API wants it to`,
        )
      const grant = own(turn, key)
      if (grant === undefined) return
      const what = `${turn.worker} asked for ${place} of ${nameOf(key)}`
      if (grant.saved.has(place)) broken('P2', `${what}, which had been saved before its claim`)
      const before = grant.asked.get(place)
      if (before === 'open' || before === 'good') broken('P2', `${what} again under the same claim, without a reason`)
      if (grant.idle > IDLE_STARTS) broken('P11', `${what} in start ${grant.idle} without progress`)
      grant.asked.set(place, 'open')
    },
    answered(turn, key, { place, isGood }) {
      own(turn, key)?.asked.set(place, isGood ? 'good' : 'bad')
    },
    wrote(turn, commit, result) {
      if (result === 'fenced') return met('fenced commits')
      const grant = grants.get(nameOf(commit))
      if (grant?.turn.id === turn.id && grant.epoch === commit.epoch) grant.idle = hasMoved(commit) ? 0 : grant.idle
      else broken('P6', `${turn.worker} wrote to ${nameOf(commit)} as epoch ${commit.epoch}, ${tell(grant)}`)
    },
    ended(turn, settlement, { settled, next }) {
      if (!settled) return met('refused ends')
      const grant = grants.get(nameOf(settlement))
      if (grant?.turn.id !== turn.id) broken('P6', `${turn.worker} ended ${nameOf(settlement)}, ${tell(grant)}`)
      if (settlement.error?.kind === 'wait_too_long') met('waits too long')
      if (settlement.error?.kind === 'crash_loop')
        met(isPoisoned(settlement) ? 'crash loops' : 'crash loops of bystanders')
      if (next === null) return
      met('elements handed over')
      granted(turn, { step: settlement.step, index: next.index }, next.claim.epoch)
    },
  }
}

const savedOf = ({ execution }: Database, { step, index }: KeyOf): ReadonlySet<string> =>
  new Set(
    execution.pageRows
      .filter((page) => page.step === step && page.index === index)
      .map(({ record }) => placeNameOf(urlOfRecord(record.request))),
  )

const nameOf = ({ step, index }: KeyOf): string => `${step}#${index}`

const tell = (grant: Grant | undefined): string =>
  grant === undefined ? 'which nobody has' : `but ${grant.turn.worker} has epoch ${grant.epoch}`

/** A claim as a trace tells it. */
export const tellClaim = (claim: Claim | null): string =>
  claim === null ? 'nothing to claim' : `epoch ${claim.epoch}, start ${claim.idleStarts} without progress`
