'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { problemOf } from '@/components/api/problem-of'
import { Button } from '@/components/ui/button'
import { ProblemNote } from '@/components/ui/problem-note'
import { DeliveryLine } from './delivery-line'
import { deliveriesQuery } from './queries'

/** The notices of one address, newest first. */
export function DeliveryList({ noticeId }: { noticeId: string }) {
  const query = useInfiniteQuery(deliveriesQuery(noticeId))
  const all = query.data?.pages.flatMap(({ items }) => items) ?? []
  if (query.isPending) return <div role="status" aria-label="Loading" aria-busy="true" className="skeleton mt-2 h-14" />
  if (query.isError) return <ProblemNote problem={problemOf(query.error)} />
  if (all.length === 0) return <p className="pt-2 text-ink-3">Nothing was sent yet.</p>
  return (
    <>
      <ul aria-label="Sent notices" className="mt-2 border-t border-line/60">
        {all.map((delivery) => (
          <li key={delivery.delivery_id} className="border-b border-line/60 py-1">
            <DeliveryLine delivery={delivery} />
          </li>
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button kind="quiet" className="mt-1" onClick={() => void query.fetchNextPage()}>
          Older
        </Button>
      ) : null}
    </>
  )
}
