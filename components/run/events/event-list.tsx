'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { elementAt, isSettled, type ExecutionView } from '@/domain/execution/view'
import type { ExecutionEvent } from '@/domain/execution/events'
import { problemOf } from '@/components/api/problem-of'
import { Button } from '@/components/ui/button'
import { countOf, formatCount } from '@/components/ui/format'
import { ListSkeleton } from '@/components/ui/list-skeleton'
import { ProblemNote } from '@/components/ui/problem-note'
import { SearchField } from '@/components/ui/search-field'
import { Segmented } from '@/components/ui/segmented'
import type { RunAddress, SetRunAddress } from '../run-address'
import { inspectPage } from '../run-pick'
import { EventRow } from './event-row'
import { eventLines, groupedLines } from './event-lines'
import { useEventHistory } from './use-event-history'

type Props = {
  view: ExecutionView
  snapshotSeq: number
  recent: readonly ExecutionEvent[]
  address: RunAddress
  setAddress: SetRunAddress
}

/** The log as lines, oldest first; it follows the end until somebody scrolls away from it. */
export function EventList({ view, snapshotSeq, recent, address, setAddress }: Props) {
  const { events, older, query } = useEventHistory(view.executionId, snapshotSeq, recent)
  const lines = useMemo(() => linesOf(events, view, address), [events, view, address])
  const scroller = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState<number | null>(isSettled(view.status) ? view.seq : null)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 24,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 20,
  })
  const { scrollToIndex } = virtual
  const isFollowing = seen === null
  useEffect(() => {
    if (isFollowing && lines.length > 0) scrollToIndex(lines.length - 1, { align: 'end' })
  }, [isFollowing, lines.length, scrollToIndex])
  const missed = seen === null ? 0 : view.seq - seen
  const onScroll = () => {
    const box = scroller.current
    if (box === null) return
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 30
    setSeen((before) => (isAtEnd ? null : (before ?? view.seq)))
  }
  return (
    <section aria-label="Events" className="relative flex min-h-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-3 border-b border-line px-3 sm:px-5">
        <h2 className="text-12 text-ink-3 max-sm:sr-only">Events</h2>
        <Segmented
          label="Events as"
          options={AS}
          value={address.events}
          onChange={(as) => void setAddress({ events: as })}
        />
        <SearchField label="Filter events" value={address.filter} onChange={(filter) => void setAddress({ filter })} />
        <span className="ml-auto text-12 text-ink-3 max-sm:hidden">
          {countOf(view.seq, 'event')}
          {older === 0 ? '' : `, the last ${formatCount(view.seq - older)} shown`}
        </span>
      </div>
      {query.isError ? <ProblemNote problem={problemOf(query.error)} /> : null}
      <div
        ref={scroller}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Event log"
        className="min-h-0 flex-1 overflow-y-auto py-1"
      >
        {older === 0 ? null : (
          <div className="px-5 py-1">
            <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Show {formatCount(Math.min(1000, older))} earlier of {formatCount(older)}
            </Button>
          </div>
        )}
        {query.isPending ? <ListSkeleton rows={6} /> : null}
        {lines.length === 0 && !query.isPending ? (
          <p className="px-5 py-3 text-ink-3">
            {address.filter === '' ? 'No events yet.' : 'No event matches the filter.'}
          </p>
        ) : null}
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const line = lines[index]
            if (line === undefined) return null
            return (
              <div
                key={key}
                data-index={index}
                ref={virtual.measureElement}
                className="absolute inset-x-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                <EventRow
                  line={line}
                  start={view.startedAt ?? line.at}
                  asJson={address.events === 'json'}
                  onOpen={(page) => inspectPage(setAddress, page)}
                />
              </div>
            )
          })}
        </div>
      </div>
      {missed > 0 ? (
        <Button
          kind="primary"
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-float"
          onClick={() => setSeen(null)}
        >
          ↓ {countOf(missed, 'new event')}
        </Button>
      ) : null}
    </section>
  )
}

const AS = [
  { value: 'grouped', label: 'Grouped' },
  { value: 'all', label: 'All' },
  { value: 'json', label: 'JSON' },
] as const

function linesOf(events: readonly ExecutionEvent[], view: ExecutionView, { events: as, filter }: RunAddress) {
  const isOnlyLoop = view.steps.filter(({ elements }) => elements.length > 0).length <= 1
  const steps = new Map(view.steps.map((step) => [step.name, step]))
  const labelOf = (name: string, index: number) => {
    const step = steps.get(name)
    const label = step === undefined ? `#${index}` : elementAt(step, index).label
    return isOnlyLoop ? label : `${name} › ${label}`
  }
  const lines = as === 'grouped' ? groupedLines(events, labelOf) : eventLines(events, labelOf)
  const wanted = filter.trim().toLocaleLowerCase()
  if (wanted === '') return lines
  return lines.filter(({ place, text, event }) =>
    `${place} ${text} ${event.event_type}`.toLocaleLowerCase().includes(wanted),
  )
}
