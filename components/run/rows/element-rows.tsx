'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { ExecutionView } from '@/domain/execution/view'
import { formatCount } from '@/components/ui/format'
import { SearchField } from '@/components/ui/search-field'
import { Segmented } from '@/components/ui/segmented'
import { useWidth } from '@/components/ui/use-width'
import type { RunAddress, SetRunAddress } from '../run-address'
import { inspectPage, pickOf } from '../run-pick'
import { ElementRow } from './element-row'
import { sortElements } from './sort-elements'

const ROW_PX = 28

type Props = { view: ExecutionView; now: number; address: RunAddress; setAddress: SetRunAddress }

/** Many elements: a row each, only those in sight are drawn. */
export function ElementRows({ view, now, address, setAddress }: Props) {
  const body = useRef<HTMLDivElement>(null)
  const [stripRef, stripWidth] = useWidth()
  const rows = sortElements(view, address.show, address.find)
  const pick = pickOf(address)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => body.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  })
  const selectedAt = rows.findIndex(({ step, element }) => pick?.step === step.name && pick.e === element.index)
  const { scrollToIndex } = virtual
  useEffect(() => {
    if (selectedAt >= 0) scrollToIndex(selectedAt, { align: 'auto' })
  }, [selectedAt, scrollToIndex])
  return (
    <section aria-label="Elements" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-3 border-b border-line px-3 sm:px-5">
        <Segmented
          label="Elements shown"
          options={SHOWN_OPTIONS}
          value={address.show}
          onChange={(show) => void setAddress({ show })}
        />
        <SearchField label="Find an element" value={address.find} onChange={(find) => void setAddress({ find })} />
        <span className="ml-auto text-12 text-ink-3 max-sm:hidden">
          {formatCount(rows.length)} of {formatCount(view.stats.elements)}, failed first
        </span>
      </div>
      <div
        role="grid"
        aria-label="Elements and their pages"
        aria-rowcount={rows.length + 1}
        tabIndex={0}
        ref={body}
        className="min-h-0 flex-1 overflow-y-auto"
      >
        <div
          role="row"
          aria-rowindex={1}
          className="sticky top-0 z-10 flex h-6 items-center gap-3 border-b border-line bg-paper px-3 text-12 text-ink-3 sm:px-5"
        >
          <span role="columnheader" className="w-44 shrink-0 max-sm:w-28">
            Element
          </span>
          <span role="columnheader" ref={stripRef} className="min-w-0 flex-1">
            Pages
          </span>
          <span role="columnheader" className="w-14 shrink-0 text-right max-sm:hidden">
            Count
          </span>
          <span role="columnheader" className="w-16 shrink-0 text-right">
            Items
          </span>
          <span role="columnheader" className="w-12 shrink-0 text-right max-sm:hidden">
            Retries
          </span>
          <span role="columnheader" className="w-20 shrink-0 text-right max-sm:hidden">
            Took
          </span>
          <span role="columnheader" className="w-40 shrink-0 max-sm:hidden">
            State
          </span>
        </div>
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]
            if (row === undefined) return null
            const at = { step: row.step.name, e: row.element.index }
            return (
              <ElementRow
                key={`${at.step}:${at.e}`}
                execution={view.executionId}
                isRunning={view.status === 'RUNNING'}
                row={row}
                position={index}
                now={now}
                stripWidth={stripWidth}
                isSelected={index === selectedAt}
                page={address.p}
                style={{ transform: `translateY(${start}px)` }}
                onSelect={() => void setAddress({ ...at, p: 1 })}
                onPick={(p) => inspectPage(setAddress, { ...at, p })}
              />
            )
          })}
        </div>
      </div>
    </section>
  )
}

const SHOWN_OPTIONS = [
  { value: 'all', label: 'All' },
  { value: 'failed', label: 'Failed' },
  { value: 'waiting', label: 'Retrying' },
  { value: 'running', label: 'Running' },
  { value: 'completed', label: 'Done' },
] as const
