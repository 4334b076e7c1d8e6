import { parseJsonBody } from '../json-body'
import type { Collect } from '../playbook/pagination-plan'
import type { Step } from '../playbook/playbook'

/** One saved page: JSON text of its body, and where its items are. */
export type StoredPage = { body: string | null; itemsPath: readonly string[]; items: string | null }

/**
 * The value of one iteration of an http step from its saved pages: without pagination the body itself; otherwise by the
 * `collect` strategy, which is the items of all pages in one list unless it says `replace` or `collect`.
 */
export function collectPages(step: Step, pages: readonly StoredPage[]): unknown {
  if (step.tool !== 'http') return null
  if (step.pagination === null) return bodyOf(pages.at(-1))
  switch (strategyOf(step)) {
    case 'replace':
      return valueOf(pages.at(-1))
    case 'collect':
    case 'append':
      // With `collect` a page is one item: the list, or whatever else, at the path.
      return pages.flatMap(valueOf)
  }
}

/** True where each page replaces the one before (`collect: {strategy: replace}`). */
export const keepsLastPage = (step: Step): boolean => strategyOf(step) === 'replace'

/** The name that `collect.into` gives to the value of an iteration. */
export const collectedName = (step: Step): string | null =>
  step.tool === 'http' && step.pagination?.kind === 'while' ? (step.pagination.collect?.into ?? null) : null

function strategyOf(step: Step): Collect['strategy'] {
  if (step.tool !== 'http' || step.pagination?.kind !== 'while') return 'append'
  return step.pagination.collect?.strategy ?? 'append'
}

/** A page's body as templates see it; null when there is none. */
export function bodyOf(page: StoredPage | undefined): unknown {
  return page === undefined || page.body === null ? null : parsed(page.body)
}

function valueOf(page: StoredPage | undefined): unknown {
  if (page === undefined) return null
  if (page.items !== null) return parsed(page.items)
  return page.itemsPath.reduce<unknown>(memberOf, bodyOf(page))
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Reflect.get(value, key)
}

function parsed(text: string): unknown {
  const reading = parseJsonBody(text)
  return reading.ok ? reading.value : null
}
