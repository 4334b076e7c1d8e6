'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { OlderList } from '@/components/api/older-list'
import { DeliveryLine } from './delivery-line'
import { deliveriesQuery } from './queries'

/** The notices of one address, newest first. */
export function DeliveryList({ noticeId }: { noticeId: string }) {
  const query = useInfiniteQuery(deliveriesQuery(noticeId))
  return (
    <OlderList query={query} label="Sent notices" empty="Nothing was sent yet.">
      {(delivery) => (
        <li key={delivery.delivery_id} className="border-b border-line/60 py-1">
          <DeliveryLine delivery={delivery} />
        </li>
      )}
    </OlderList>
  )
}
