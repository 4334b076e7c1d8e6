import { plainName } from './auto/clues'
import { isCount } from './auto/is-count'
import { LIMIT_NAMES, PAGE_NAMES } from './auto/paging-names'
import { readQuery, splitQuery } from './build-url'
import type { WarningNote } from './reconcile'
import type { RequestDraft, RequestPatch } from './request-draft'

/**
 * A next URL that names its page by a number and leaves out the page size that was sent leads to a page of another size:
 * page 2 of those has other items than page 2 of these, and what lies between is missed or comes twice. Told where the page
 * shows it: it is longer than asked for, or shorter and not the last.
 */
export function droppedSizeNotes(
  { first }: { first: RequestDraft },
  { page, patch }: { page: number; patch: RequestPatch },
  { came, goesOn }: { came: number; goesOn: boolean },
): WarningNote[] {
  if (patch.replacesParams !== true || typeof patch.url !== 'string') return []
  const query = readQuery(splitQuery(patch.url).query)
  const names = Object.keys(query)
  const isNumbered = names.some((name) => PAGE_NAMES.includes(plainName(name)) && isCount(query[name]))
  if (!isNumbered || names.some(isSize)) return []
  const sent = typeof first.url === 'string' ? readQuery(splitQuery(first.url).query) : {}
  const [size] = Object.entries({ ...sent, ...first.params }).filter(([name, value]) => isSize(name) && isCount(value))
  if (size === undefined) return []
  const [name, asked] = [size[0], Number(size[1])]
  if (came === 0 || came === asked || (came < asked && !goesOn)) return []
  return [
    {
      kind: 'server_page_size_differs',
      message: `the next URL that led to page ${page} leaves \`${name}\` out: ${came} items came where ${asked} were asked for, and those between the pages may be missing`,
    },
  ]
}

const isSize = (name: string): boolean => LIMIT_NAMES.includes(plainName(name))
