import { NOT_SETTLED, type HandedOver, type HandingOver } from '@/server/db/hand-over'
import type { CommitResult, PageCommit } from '@/server/db/page-commit'
import type { PageWriter } from '@/server/db/page-writer'
import { createModelWriter } from './model-writer'
import type { SimProcess } from './sim-process'
import type { Turn } from './watch'
import type { World } from './world'

/** The writer of a process, handed to each turn with its signature, so that the witness knows who wrote what. */
export function createSignedWriter(world: World, process: SimProcess): { signed: (turn: Turn) => PageWriter } {
  const { db, store, witness, note } = world
  const authors = new WeakMap<object, Turn>()

  const told = (commit: PageCommit, result: CommitResult): void => {
    const turn = authors.get(commit)
    const what = `${commit.page === null ? 'events' : `page ${commit.page.page}`} of ${commit.step}#${commit.index}`
    note(process.name, () => `commits ${what}, epoch ${commit.epoch}: ${result}`)
    if (turn !== undefined) witness.wrote(turn, commit, result)
  }
  const ended = (settlement: HandingOver, handed: HandedOver): void => {
    const { settled, next } = handed
    const turn = authors.get(settlement)
    const then = next === null ? '' : `, goes on with #${next.index}`
    const what = `${settlement.step}#${settlement.index} as ${settlement.status}`
    note(process.name, () => `ends ${what}: ${settled ? 'done' : 'refused'}${then}`)
    if (turn !== undefined) witness.ended(turn, settlement, handed)
  }
  const writer = createModelWriter(world.scenario.maxUnwritten, (commits, settlements) =>
    process.call('a round of commits', () => {
      const round = store.commitRound(db, commits, settlements)
      commits.forEach((commit, place) => told(commit, round.written[place] ?? 'fenced'))
      settlements.forEach((settlement, place) => ended(settlement, round.settled[place] ?? NOT_SETTLED))
      return round
    }),
  )
  return {
    signed: (turn) => ({
      ...writer,
      write(commit) {
        authors.set(commit, turn)
        return writer.write(commit)
      },
      settle(settlement) {
        authors.set(settlement, turn)
        return writer.settle(settlement)
      },
    }),
  }
}
