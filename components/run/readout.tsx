import type { ReactNode } from 'react'
import { isSettled, type ExecutionView } from '@/domain/execution/view'
import { formatClock, formatCount, formatDuration, formatShare } from '@/components/ui/format'
import { lookOf } from '@/components/ui/status'
import { StatusShape } from '@/components/ui/status-shape'

/** The instrument: state, time and counts of a run, always at the same place. */
export function Readout({ view, now }: { view: ExecutionView; now: number }) {
  const { stats } = view
  const { word, tone, color } = lookOf(view.status)
  // What was left out or cancelled was not fetched: it is told beside the elements that were, not among them.
  const ended = stats.completed + stats.failed
  const met = view.expectations.filter(({ passed }) => passed).length
  const isOpen = !isSettled(view.status)
  const took = view.startedAt === null ? 0 : (view.endedAt ?? now) - view.startedAt
  return (
    <section aria-label="Status" className="relative shrink-0 border-b border-line bg-panel">
      <dl className="flex items-stretch overflow-x-auto [scrollbar-width:none] max-sm:grid max-sm:grid-cols-4">
        <Figure
          label={stats.failed > 0 && view.status === 'COMPLETED' ? `with ${stats.failed} failed` : 'State'}
          isWide
        >
          <span className={`flex items-center gap-2 ${color}`}>
            <StatusShape tone={tone} size={16} />
            <span className="text-16 font-semibold">{word.replace(/^./, (first) => first.toUpperCase())}</span>
          </span>
        </Figure>
        <Figure label={isOpen ? 'Elapsed' : 'Took'}>{isOpen ? formatClock(took) : formatDuration(took)}</Figure>
        <Figure label="Elements" note={formatShare(ended, stats.elements)}>
          {formatCount(ended)}
          <span className="text-ink-3">/{formatCount(stats.elements)}</span>
        </Figure>
        <Figure label={isOpen ? 'Pages so far' : 'Pages'}>{formatCount(stats.pages)}</Figure>
        <Figure label="Items">{formatCount(stats.items)}</Figure>
        <Figure label="Retries">
          <span className={stats.retries > 0 ? 'text-retry' : 'text-ink-3'}>{formatCount(stats.retries)}</span>
        </Figure>
        <Figure label="Failed">
          <span className={stats.failed > 0 ? 'text-failed' : 'text-ink-3'}>{formatCount(stats.failed)}</span>
        </Figure>
        {stats.skipped === 0 ? null : <Figure label="Left out">{formatCount(stats.skipped)}</Figure>}
        {stats.cancelled === 0 ? null : <Figure label="Cancelled">{formatCount(stats.cancelled)}</Figure>}
        <Figure label="Warnings">
          <span className={stats.warnings > 0 ? 'text-retry' : 'text-ink-3'}>{formatCount(stats.warnings)}</span>
        </Figure>
        {view.expectations.length === 0 ? null : (
          <Figure label="Expectations met">
            <span className={met === view.expectations.length ? 'text-done' : 'text-failed'}>{formatCount(met)}</span>
            <span className="text-ink-3">/{formatCount(view.expectations.length)}</span>
          </Figure>
        )}
      </dl>
      <div
        role="progressbar"
        aria-label="Elements ended"
        aria-valuenow={ended}
        aria-valuemin={0}
        aria-valuemax={Math.max(1, stats.elements)}
        className="absolute inset-x-0 -bottom-px flex h-0.5"
      >
        <span className="bg-done transition-[width]" style={{ width: `${share(stats.completed, stats.elements)}%` }} />
        <span className="bg-failed transition-[width]" style={{ width: `${share(stats.failed, stats.elements)}%` }} />
      </div>
    </section>
  )
}

function Figure({
  label,
  note,
  isWide = false,
  children,
}: {
  label: string
  note?: string
  isWide?: boolean
  children: ReactNode
}) {
  return (
    <div
      className={`flex min-w-22 flex-col justify-center border-r border-line px-3 py-2 last:border-r-0 sm:px-5 ${isWide ? 'sm:min-w-42 max-sm:col-span-2' : ''} max-sm:min-w-0 max-sm:border-r-0`}
    >
      <dt className="flex gap-2 text-12 whitespace-nowrap text-ink-3">
        {label}
        {note === undefined ? null : <span className="max-sm:hidden">{note}</span>}
      </dt>
      <dd className="text-16 font-medium whitespace-nowrap sm:text-20">{children}</dd>
    </div>
  )
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : (part / whole) * 100)
