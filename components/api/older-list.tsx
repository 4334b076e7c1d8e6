import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { problemOf } from './problem-of'
import { Button } from '@/components/ui/button'
import { ProblemNote } from '@/components/ui/problem-note'

type Pages<Item> = { pages: { items: Item[] }[] }

/** What happened, latest first, with older things on demand; `children` makes an item of each. */
export function OlderList<Item>(props: {
  query: UseInfiniteQueryResult<Pages<Item>>
  label: string
  empty: string
  children: (item: Item) => ReactNode
}) {
  const { query, label, empty, children } = props
  const all = query.data?.pages.flatMap(({ items }) => items) ?? []
  if (query.isPending) return <div role="status" aria-label="Loading" aria-busy="true" className="skeleton mt-2 h-14" />
  if (query.isError) return <ProblemNote problem={problemOf(query.error)} />
  if (all.length === 0) return <p className="pt-2 text-ink-3">{empty}</p>
  return (
    <>
      <ul aria-label={label} className="mt-2 border-t border-line/60">
        {all.map(children)}
      </ul>
      {query.hasNextPage ? (
        <Button kind="quiet" className="mt-1" onClick={() => void query.fetchNextPage()}>
          Older
        </Button>
      ) : null}
    </>
  )
}
