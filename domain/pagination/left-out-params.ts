import { maskSecretText } from '../playbook/template/secret-text'
import { LIMIT_NAMES, OFFSET_NAMES, PAGE_NAMES } from './auto/paging-names'
import { plainName } from './auto/clues'
import { parameterText, readQuery, splitQuery } from './build-url'
import type { NextToken } from './next-token'
import type { PageFault } from './page-fault'
import type { WarningNote } from './reconcile'
import { holdsSecret, type RequestDraft } from './request-draft'

/** Of a size that was left out the page after shows whether it matters. */
const PAGING = new Set([...PAGE_NAMES, ...OFFSET_NAMES, ...LIMIT_NAMES])

/**
 * Says that the next URL of page 1 leaves out what the first request asked for. Only where it has numbers and nothing else
 * new is that sure: a token may hold the filter, and another path as well. Its query stands in place of the one sent, so
 * the pages after the first are of other items.
 */
export function noteLeftOut(
  first: RequestDraft,
  { page, next, url }: { page: number; next: NextToken | PageFault; url: string },
): WarningNote[] {
  if (page > 1 || !('kind' in next) || next.kind !== 'url' || !URL.canParse(next.reference.trim(), url)) return []
  const target = new URL(next.reference.trim(), url)
  if (target.pathname !== new URL(url).pathname) return []
  const given = readQuery(target.search.slice(1))
  const sent = { ...readQuery(splitQuery(String(maskSecretText(first.url))).query), ...first.params }
  const isPlain = ([name, value]: [string, unknown]): boolean =>
    /^\d*$/.test(String(value)) || String(value) === parameterText(sent[name])
  const leftOut = Object.keys(sent).filter((name) => !Object.hasOwn(given, name) && isAskedFor(name, sent[name]))
  if (leftOut.length === 0 || !Object.entries(given).every(isPlain)) return []
  const names = leftOut.map((name) => `\`${name}\``).join(', ')
  const message = `the next URL of page ${page} has no ${names}, which the first request sent, and nothing that could stand for it: the pages after it may have other items; count them with \`type: page\` or \`offset\`, which keep what was sent`
  return [{ kind: 'params_left_out', message }]
}

const isAskedFor = (name: string, value: unknown): boolean =>
  !holdsSecret(value) && parameterText(value) !== '' && !PAGING.has(plainName(name))
