import { z } from 'zod'
import type { JsonObject } from '@/domain/json'
import { changed, type Flaw } from './flaws'
import type { Store } from './model/store'

/** Mistakes about how pages follow each other, what they hold and what is told of them. */
export const PAGE_FLAWS: readonly Flaw[] = [
  {
    breaks: 'P1',
    mistake: 'a claim forgets which items of pages fetched at once are their own',
    plant: (store) =>
      claiming(store, ({ open, ...rest }) => ({ ...rest, open: open.map((page) => ({ ...page, room: null })) })),
  },
  {
    breaks: 'P1',
    mistake: 'a claim forgets that gaps between pages fetched at once were filled',
    plant: (store) =>
      claiming(store, (checkpoint) => ({
        ...checkpoint,
        ahead: checkpoint.ahead && { ...checkpoint.ahead, filled: 0 },
      })),
  },
  {
    breaks: 'P1',
    mistake: 'a page that fills a gap is not asked for any more after a crash',
    plant: (store) =>
      claiming(store, ({ open, ...rest }) => ({
        ...rest,
        open: open.filter(({ room }) => room === null || room === rest.ahead?.pageSize),
      })),
  },
  {
    breaks: 'ends',
    mistake: 'a claim takes a way to page 2 for proved that is not',
    plant: (store) =>
      claiming(store, (checkpoint) => ({
        ...checkpoint,
        auto: checkpoint.auto && { ...checkpoint.auto, stage: 'proved' },
      })),
  },
  {
    breaks: 'P1',
    mistake: 'that a page is skipped is told nobody',
    plant: (store) =>
      changed(store, {
        commitRound: (db, commits, settlements) =>
          store.commitRound(
            db,
            commits.map((commit) => ({
              ...commit,
              events: commit.events.filter(({ status }) => status !== 'SKIPPED'),
            })),
            settlements,
          ),
      }),
  },
  {
    breaks: 'P1',
    mistake: 'an element that ends before its API does warns of nothing',
    plant: (store) =>
      changed(store, {
        commitRound: (db, commits, settlements) =>
          store.commitRound(
            db,
            commits,
            settlements.map((settlement) => ({ ...settlement, warnings: [] })),
          ),
      }),
  },
  {
    breaks: 'P1',
    mistake: 'a failure that comes as a 200 is taken for a page',
    plant: (store) => store,
    misread: (step) => ({ ...step, failWhen: null }),
  },
  {
    breaks: 'P1',
    mistake: 'a step is begun before the last page of the one before is there to be seen',
    plant: (store) =>
      changed(store, {
        orchestrate(db) {
          const last = db.execution.pageRows.pop()
          const tickets = store.orchestrate(db)
          if (last !== undefined) db.execution.pageRows.push(last)
          return tickets
        },
      }),
  },
  {
    breaks: 'P2',
    mistake: 'a claim forgets what the next request differs by from the first',
    plant: (store) =>
      claiming(store, ({ open, ...rest }) => ({ ...rest, open: open.map((page) => ({ ...page, patch: {} })) })),
  },
]

/** A claim that brings back another checkpoint than was stored. */
const claiming = (store: Store, change: (checkpoint: Begun) => object): Store =>
  changed(store, {
    claim(db, request) {
      const claim = store.claim(db, request)
      const before = begun.safeParse(claim?.checkpoint)
      if (claim === null || !before.success) return claim
      return { ...claim, checkpoint: jsonObject.parse(change(before.data)) }
    },
  })

/** Of an element that has begun to fetch: the one before that only tells so. */
const begun = z.looseObject({
  open: z.array(z.looseObject({ room: z.number().nullable() })),
  ahead: z.looseObject({ pageSize: z.number(), filled: z.number() }).nullable(),
  auto: z.looseObject({ stage: z.string() }).nullable(),
})
type Begun = z.infer<typeof begun>
const jsonObject = z.custom<JsonObject>()
