import type { HttpStep, Playbook } from '@/domain/playbook/playbook'
import type { Database } from './model/rows'
import { iterationRow } from './model/rows'
import { pageKeyOf } from './model/commits'
import type { Store } from './model/store'
import { NO_FAULTS, type Faults, type Scenario } from './scenario'
import type { Property } from './watch'

/** A mistake that the store could make, and the promise it breaks. */
export type Flaw = {
  breaks: Property
  mistake: string
  /** What must happen often for the mistake to show. */
  under?: { faults?: Partial<Faults>; paceMs?: number }
  plant: (store: Store) => Store
  /** Where the mistake is not the store's: what the engine is made to take the step for. */
  misread?: (step: HttpStep) => HttpStep
}

const NEVER = { lost: [], paused: [] }

/** A scenario in which the mistake may show. */
export const scenarioFor = ({ under, misread }: Flaw, scenario: Scenario): Scenario => ({
  ...scenario,
  ...under,
  faults: { ...scenario.faults, ...under?.faults },
  playbook: misread === undefined ? scenario.playbook : misreading(scenario.playbook, misread),
})

const misreading = (playbook: Playbook, misread: (step: HttpStep) => HttpStep): Playbook => ({
  ...playbook,
  workflow: playbook.workflow.map((step) => (step.tool === 'http' ? misread(step) : step)),
})

/** Each is a mistake somebody could make in the SQL or the code around it; those about what is read are in page-flaws.ts. */
export const FLAWS: readonly Flaw[] = [
  {
    breaks: 'P1',
    mistake: 'a page and its checkpoint are two transactions, and the first of them is lost at times',
    plant(store) {
      let count = 0
      return changed(store, {
        commitRound: (db, commits, settlements) =>
          store.commitRound(
            db,
            commits.map((commit) => (commit.page !== null && ++count % 20 === 0 ? { ...commit, page: null } : commit)),
            settlements,
          ),
      })
    },
  },
  {
    breaks: 'P1',
    mistake: 'pages have no primary key, and a replaced worker writes them too',
    under: { faults: { freeze: 0.08 } },
    plant: (store) =>
      changed(store, {
        commitRound(db, commits, settlements) {
          for (const commit of commits)
            if (commit.page !== null) db.execution.pageKeys.delete(pageKeyOf(commit, commit.page.page))
          return store.commitRound(db, commits.map(underTheLatestEpoch(db)), settlements)
        },
      }),
  },
  {
    breaks: 'P1',
    mistake: 'a commit passes one of the same claim that failed',
    under: { faults: { brokenCall: 0.1, slowAnswer: 0.3 }, paceMs: 20 },
    plant: (store) =>
      changed(store, {
        commitRound: (db, commits, settlements) =>
          store.commitRound(
            db,
            commits.map((commit) => (commit.epoch > 0 ? commit : underTheLatestEpoch(db)(commit))),
            settlements,
          ),
      }),
  },
  {
    breaks: 'P2',
    mistake: 'a claim does not bring the checkpoint back',
    plant: (store) =>
      changed(store, {
        claim(db, request) {
          const claim = store.claim(db, request)
          return claim && { ...claim, checkpoint: null }
        },
      }),
  },
  {
    breaks: 'P3',
    mistake: 'nobody sweeps',
    plant: (store) => changed(store, { sweep: () => [] }),
  },
  {
    breaks: 'P3',
    mistake: 'a lease lasts for a minute',
    plant: (store) => changed(store, { claim: (db, request) => store.claim(db, { ...request, leaseMs: 60_000 }) }),
  },
  {
    breaks: 'P4',
    mistake: 'numbers are taken before it is known whether the events are written',
    plant: (store) =>
      changed(store, {
        commitRound(db, commits, settlements) {
          const round = store.commitRound(db, commits, settlements)
          commits.forEach((commit, place) => {
            if (round.written[place] === 'fenced') db.execution.lastSeq += commit.events.length
          })
          return round
        },
      }),
  },
  {
    breaks: 'P5',
    mistake: 'the event of a page is lost at times',
    plant(store) {
      let count = 0
      return changed(store, {
        commitRound: (db, commits, settlements) =>
          store.commitRound(
            db,
            commits.map((commit) => (commit.page !== null && ++count % 20 === 0 ? { ...commit, events: [] } : commit)),
            settlements,
          ),
      })
    },
  },
  {
    breaks: 'P6',
    mistake: 'the epoch of a commit is not looked at',
    under: { faults: { freeze: 0.08 } },
    plant: (store) =>
      changed(store, {
        commitRound: (db, commits, settlements) =>
          store.commitRound(db, commits.map(underTheLatestEpoch(db)), settlements),
      }),
  },
  {
    breaks: 'P6',
    mistake: 'whoever asks ends an iteration',
    under: { faults: { freeze: 0.1 }, paceMs: 6_000 },
    plant: (store) =>
      changed(store, {
        commitRound: (db, commits, settlements) =>
          store.commitRound(
            db,
            commits,
            settlements.map((settlement) => ({
              ...settlement,
              claimToken: iterationRow(db, settlement)?.claimToken ?? settlement.claimToken,
            })),
          ),
      }),
  },
  {
    breaks: 'P9',
    mistake: 'pages of a cancelled run are saved',
    plant: (store) =>
      changed(store, {
        commitRound(db, commits, settlements) {
          const { status } = db.execution
          if (status !== 'CANCELLED') return store.commitRound(db, commits, settlements)
          const rows = commits.map((commit) => iterationRow(db, commit)).filter((row) => row?.status === 'CANCELLED')
          db.execution.status = 'RUNNING'
          for (const row of rows) if (row !== undefined) row.status = 'RUNNING'
          const round = store.commitRound(db, commits, settlements)
          for (const row of rows) if (row !== undefined) row.status = 'CANCELLED'
          db.execution.status = status
          return round
        },
      }),
  },
  {
    breaks: 'P9',
    mistake: 'a renewal does not tell that the run was cancelled',
    under: { faults: NO_FAULTS, paceMs: 6_000 },
    plant: (store) =>
      changed(store, {
        renew: (db, request) => (db.execution.status === 'CANCELLED' ? NEVER : store.renew(db, request)),
      }),
  },
  {
    breaks: 'pause',
    mistake: 'a renewal does not tell that the run was paused',
    under: { faults: NO_FAULTS, paceMs: 2_000 },
    plant: (store) => changed(store, { renew: (db, request) => ({ ...store.renew(db, request), paused: [] }) }),
  },
  {
    breaks: 'limit',
    mistake: 'that its API wants a pause is known to one worker only',
    under: { faults: { ...NO_FAULTS, api: 0.5 }, paceMs: 300 },
    plant: (store) => changed(store, { blockBudget: () => undefined }),
  },
  {
    breaks: 'P11',
    mistake: 'starts without progress are not counted',
    plant: (store) =>
      changed(store, {
        claim(db, request) {
          const claim = store.claim(db, request)
          return claim && { ...claim, idleStarts: 1 }
        },
      }),
  },
]

export const changed = (store: Store, changes: Partial<Store>): Store => ({ ...store, ...changes })

const underTheLatestEpoch =
  (db: Database) =>
  <T extends { step: string; index: number; epoch: number }>(commit: T): T => ({
    ...commit,
    epoch: iterationRow(db, commit)?.epoch ?? commit.epoch,
  })
