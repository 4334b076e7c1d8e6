import type { Budget } from '../playbook/template/budget'
import { evaluateCondition, type Scope } from '../playbook/template/evaluate-template'
import { readBodyPath, type BodyPath } from './item-path'
import { NO_ITEMS, parsedPath, readItems } from './items'
import { PageFault } from './page-fault'
import type { Gathered } from './page-reading'
import type { Paginator } from './paginator'

type PageItems = ReturnType<typeof readItems>

/** With `when` an author says also what an answer without its list means: that it was the last one. */
export function itemsOrEnd(
  paginator: Paginator,
  page: number,
  input: { gathered: Gathered; body: unknown; scope: Scope; budget: Budget },
): PageItems {
  try {
    return findItems(paginator, input.gathered, input.body, page)
  } catch (error) {
    const { when } = paginator.stop
    const isMissing = error instanceof PageFault && error.kind === 'items_path_missing'
    if (!isMissing || when === null || !evaluateCondition(when, input.scope, input.budget)) throw error
    return { ...NO_ITEMS, guessed: paginator.items === null }
  }
}

/** One of several pages has its items in a list. Older playbooks with `next_call` and no `collect` may mean whole bodies. */
const isPaged = ({ source, auto }: Paginator): boolean =>
  auto !== null || (source.type !== 'none' && source.type !== 'while')

function findItems(paginator: Paginator, gathered: Gathered, body: unknown, page: number): PageItems {
  const path: BodyPath | null =
    paginator.items ?? (gathered.guessedPath === null ? null : parsedPath(gathered.guessedPath))
  const found = readItems(body, path, page, isPaged(paginator))
  const guessed = paginator.items === null
  if (paginator.strategy !== 'collect') return { ...found, guessed }
  const whole = path === null ? null : readBodyPath(body, path)
  return { items: [whole?.found === true ? whole.value : found.items], path: null, guessed }
}

/** Items that are no longer a list as it stands in the body. */
export const withinRoom = ({ items, guessed }: PageItems, room: number): PageItems => ({
  items: items.slice(0, room),
  path: null,
  guessed,
})
