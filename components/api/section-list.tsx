import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { problemOf } from './problem-of'
import { ListSkeleton } from '@/components/ui/list-skeleton'
import { ProblemNote } from '@/components/ui/problem-note'

/** The list of a section in each of its states; `empty` null says nothing when there is nothing. */
export function SectionList<Item>(props: {
  query: UseQueryResult<{ items: Item[] }>
  label: string
  empty: string | null
  children: (item: Item) => ReactNode
}) {
  const { query, label, empty, children } = props
  const all = query.data?.items ?? []
  return (
    <>
      {query.isPending ? <ListSkeleton rows={1} /> : null}
      {query.isError ? (
        <div className="px-3 sm:px-5">
          <ProblemNote problem={problemOf(query.error)} />
        </div>
      ) : null}
      {query.isSuccess && all.length === 0 && empty !== null ? (
        <p className="px-3 pb-3 text-ink-3 sm:px-5">{empty}</p>
      ) : null}
      {all.length === 0 ? null : (
        <ul aria-label={label} className="border-t border-line/60">
          {all.map(children)}
        </ul>
      )}
    </>
  )
}
