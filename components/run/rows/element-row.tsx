import type { CSSProperties } from 'react'
import { savedPages } from '@/domain/execution/view'
import { formatCount, formatDuration } from '@/components/ui/format'
import { lookOf } from '@/components/ui/status'
import { StatusShape } from '@/components/ui/status-shape'
import { RetryNowButton } from '../retry/retry-now-button'
import { waitsForTry } from '../retry/waits'
import type { ElementRow as Row } from '../timeline/timeline-rows'
import { PageStrip } from './page-strip'

type Props = {
  execution: string
  /** False for a paused run, in which nothing goes on. */
  isRunning: boolean
  row: Row
  position: number
  stripWidth: number
  now: number
  isSelected: boolean
  page: number | null
  style: CSSProperties
  onSelect: () => void
  onPick: (page: number) => void
}

/** One element as a row: name, a cell a page, what it came to. */
export function ElementRow({
  execution,
  isRunning,
  row: { step, element },
  position,
  stripWidth,
  now,
  isSelected,
  page,
  style,
  onSelect,
  onPick,
}: Props) {
  const { tone, color, word } = lookOf(element.status)
  const took = element.startedAt === null ? '' : formatDuration((element.endedAt ?? now) - element.startedAt)
  return (
    <div
      role="row"
      aria-rowindex={position + 2}
      aria-selected={isSelected}
      style={style}
      className={`absolute inset-x-0 flex h-7 items-center gap-3 px-3 sm:px-5 ${isSelected ? 'bg-accent/10' : 'hover:bg-ink/3'}`}
    >
      <span role="gridcell" className="flex w-44 min-w-0 shrink-0 items-center gap-2 max-sm:w-28">
        <span className={color}>
          <StatusShape tone={tone} label={word} />
        </span>
        <button
          type="button"
          tabIndex={-1}
          onClick={onSelect}
          className="min-w-0 truncate text-left"
          title={element.label}
        >
          <bdi>{element.label}</bdi>
        </button>
      </span>
      <span role="gridcell" className="flex min-w-0 flex-1">
        <PageStrip element={element} width={stripWidth} selected={isSelected ? page : null} onPick={onPick} />
        {isRunning && waitsForTry(element, now) ? (
          <RetryNowButton
            execution={execution}
            request={{ step: step.name, index: element.index }}
            label="Retry now"
            spoken={`Retry ${element.label} now`}
            className="!h-6"
          />
        ) : null}
      </span>
      <span role="gridcell" className="w-14 shrink-0 text-right max-sm:hidden">
        {savedPages(element)}
      </span>
      <span role="gridcell" className="w-16 shrink-0 text-right">
        {formatCount(element.items)}
      </span>
      <span
        role="gridcell"
        className={`w-12 shrink-0 text-right max-sm:hidden ${element.retries > 0 ? 'text-retry' : 'text-ink-3'}`}
      >
        {element.retries}
      </span>
      <span role="gridcell" className="w-20 shrink-0 text-right text-ink-2 max-sm:hidden">
        {took}
      </span>
      <span
        role="gridcell"
        className={`w-40 shrink-0 truncate text-12 max-sm:hidden ${element.error === null ? 'text-ink-3' : 'text-failed'}`}
        title={element.error?.message}
      >
        {element.error === null ? word : element.error.message}
      </span>
    </div>
  )
}
