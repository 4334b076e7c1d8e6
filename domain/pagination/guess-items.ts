import { plainName } from './auto/clues'
import { tellsOfPaging } from './auto/paging-names'
import { describeShape, isObject } from './item-path'
import { PageFault } from './page-fault'

export const LIST_NAMES = [
  'data',
  'items',
  'results',
  'records',
  'value',
  'values',
  'entries',
  'rows',
  'list',
  'content',
  'objects',
  'elements',
  'nodes',
  'hits',
]

/** What lies beside the items of many APIs and is none of them, as a list or with lists inside. */
const ASIDE: ReadonlySet<string> = new Set([
  'link', 'links', 'error', 'errors', 'warnings', 'included', 'includes', 'facets', 'aggregations', 'schemas', 'meta', 'metadata', 'extensions',
  'pagination', 'paging', 'pageable', 'pageinfo', 'params', 'header', 'headers', 'responseheader', 'shards', 'sort', 'order', 'orderby', 'constraints',
]) // prettier-ignore
const MAX_DEPTH = 6
const MAX_LISTS = 50

type List = {
  path: string[]
  list: readonly unknown[]
  /** True where a number of pages, items or the like stands beside it. */
  paged: boolean
}

/**
 * Where one page of several keeps its items: a list beside what tells of paging, a usual name, the only list of objects.
 * `empty`: of several lists none has an item. Null: there is no list at all. Throws `items_path_missing` where several may
 * be meant, for a page taken for one item would pass as that in silence.
 */
export function guessPagedItems(body: Record<string, unknown>, page: number): string[] | 'empty' | null {
  const named = namedIn(Object.keys(body).filter((key) => Array.isArray(body[key])))
  if (named !== null) return [named]
  const all = listsIn(body)
  if (all.length === 0) return null
  const paged = all.filter((each) => each.paged)
  const near = paged.length > 0 ? paged : all
  const filled = near.filter(({ list }) => list.some((item) => typeof item === 'object' && item !== null))
  const plain = near.filter(({ list }) => list.length > 0)
  const likely = [filled, plain, near].find((lists) => lists.length > 0) ?? []
  const depth = Math.min(...likely.map(({ path }) => path.length))
  const nearest = likely.filter(({ path }) => path.length === depth)
  const [first, ...others] = nearest
  if (first === undefined || others.length === 0) return first?.path ?? null
  const best = namedIn(nearest.map(({ path }) => path.at(-1) ?? ''))
  const chosen = nearest.find(({ path }) => path.at(-1) === best)
  if (chosen !== undefined) return chosen.path
  if (plain.length === 0) return 'empty'
  const names = nearest.map(({ path }) => `\`${path.join('.')}\``).join(', ')
  throw new PageFault(
    'items_path_missing',
    `which list has the items can't be told on page ${page}: ${names}; the body has: ${describeShape(body)}`,
    'say where the items lie: `items`',
  )
}

function namedIn(keys: readonly string[]): string | null {
  const found = LIST_NAMES.map((name) => keys.find((key) => key.toLowerCase() === name))
  return found.find((key) => key !== undefined) ?? null
}

/** Every list outside of other lists, nearest first. */
function listsIn(body: Record<string, unknown>): List[] {
  const lists: List[] = []
  let holders: { path: string[]; members: Record<string, unknown> }[] = [{ path: [], members: body }]
  for (let depth = 0; depth < MAX_DEPTH && holders.length > 0; depth++) {
    const inner: typeof holders = []
    for (const { path, members } of holders) {
      const paged = Object.entries(members).some(([key, value]) => !isObject(value) && tellsOfPaging(plainName(key)))
      for (const [key, value] of Object.entries(members)) {
        if (lists.length + inner.length >= MAX_LISTS || ASIDE.has(plainName(key))) continue
        if (Array.isArray(value)) lists.push({ path: [...path, key], list: value, paged })
        else if (isObject(value)) inner.push({ path: [...path, key], members: value })
      }
    }
    holders = inner
  }
  return lists
}
