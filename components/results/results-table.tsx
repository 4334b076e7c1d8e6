'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import { problemOf } from '@/components/api/problem-of'
import { ROWS_A_WINDOW } from '@/components/api/queries'
import { EmptyState } from '@/components/ui/empty-state'
import { countOf } from '@/components/ui/format'
import { ProblemNote } from '@/components/ui/problem-note'
import { inspectPage } from '../run/run-pick'
import type { RunAddress, SetRunAddress } from '../run/run-address'
import { inferColumns } from './columns'
import { ExportLinks } from './export-links'
import { ItemDrawer } from './item-drawer'
import { ResultRowLine } from './result-row-line'
import { useRows } from './use-rows'

const ROW_PX = 28
const PROVENANCE_PX = 132 + 52 + 52

type Props = {
  execution: string
  items: number
  isSettled: boolean
  seq: number
  address: RunAddress
  setAddress: SetRunAddress
}

/** Every item of the run in export order; only the rows in sight are read and drawn. */
export function ResultsTable({ execution, items, isSettled, seq, address, setAddress }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<number | null>(null)
  const [provenance, setProvenance] = useState(false)
  const virtual = useVirtualizer({
    count: items,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  })
  const shown = virtual.getVirtualItems()
  const windows = windowsOf(shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0)
  const stamp = isSettled ? `settled:${seq}` : `running:${Math.min(items, ((windows.at(-1) ?? 0) + 1) * ROWS_A_WINDOW)}`
  const { rows, error, isPending } = useRows(execution, address.step, stamp, items === 0 ? [] : windows)
  const columns = inferColumns([...rows.values()])
  const width = PROVENANCE_PX + columns.reduce((sum, column) => sum + column.width, 0)
  const openRow = open === null ? undefined : rows.get(open)
  return (
    <section aria-label="Results" className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="flex h-10 shrink-0 items-center gap-3 border-b border-line px-3 sm:px-5">
          <span className="text-ink-2 max-sm:hidden">
            {countOf(items, 'item')}
            {isSettled ? '' : ' so far'}
          </span>
          <label className="ml-auto inline-flex items-center gap-1.5 text-12 text-ink-2 max-sm:hidden">
            <input
              type="checkbox"
              checked={provenance}
              onChange={(event) => setProvenance(event.target.checked)}
              className="accent-accent"
            />
            with element, page and row
          </label>
          <ExportLinks execution={execution} step={address.step} provenance={provenance} />
        </div>
        {error === null ? null : (
          <div className="p-4">
            <ProblemNote problem={problemOf(error)} />
          </div>
        )}
        {items === 0 ? (
          <EmptyState title={isSettled ? 'This run gave no items' : 'No items yet'}>
            {isSettled
              ? 'Its pages were empty, or it asked for none. The timeline shows what it did.'
              : 'They appear here as soon as the first page is saved.'}
          </EmptyState>
        ) : (
          <div
            ref={scroller}
            role="grid"
            aria-label="Items"
            aria-rowcount={items + 1}
            aria-colcount={columns.length + 3}
            aria-busy={isPending}
            tabIndex={0}
            className="min-h-0 flex-1 overflow-auto"
          >
            <div
              role="row"
              aria-rowindex={1}
              style={{ minWidth: width }}
              className="sticky top-0 z-10 flex h-7 items-center border-b border-line bg-paper text-12 text-ink-3"
            >
              <span role="columnheader" className="w-[52px] shrink-0 pr-3 text-right">
                #
              </span>
              {columns.map((column) => (
                <span
                  key={column.key}
                  role="columnheader"
                  style={{ width: column.width }}
                  className={`shrink-0 truncate px-2.5 font-mono ${column.isNumeric ? 'text-right' : ''}`}
                  title={column.key}
                >
                  {column.key}
                </span>
              ))}
              <span role="columnheader" className="w-[132px] shrink-0 border-l border-line px-2.5">
                element
              </span>
              <span role="columnheader" className="w-[52px] shrink-0 pr-3 text-right">
                page
              </span>
            </div>
            <div role="presentation" className="relative" style={{ height: virtual.getTotalSize(), minWidth: width }}>
              {shown.map(({ index, start }) => (
                <ResultRowLine
                  key={index}
                  position={index}
                  row={rows.get(index)}
                  columns={columns}
                  top={start}
                  isOpen={index === open}
                  onOpen={() => setOpen(index)}
                />
              ))}
            </div>
          </div>
        )}
      </div>
      {open === null || openRow === undefined ? null : (
        <ItemDrawer
          row={openRow}
          position={open}
          onClose={() => setOpen(null)}
          onInspect={() => {
            setOpen(null)
            inspectPage(setAddress, { step: openRow.step, e: openRow.index, p: openRow.page })
          }}
        />
      )}
    </section>
  )
}

function windowsOf(first: number, last: number): number[] {
  const from = Math.floor(first / ROWS_A_WINDOW)
  const to = Math.floor(last / ROWS_A_WINDOW)
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}
