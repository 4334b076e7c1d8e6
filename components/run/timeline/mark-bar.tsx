import { formatCount, formatDuration } from '@/components/ui/format'
import type { LaneMark } from './lane-marks'

const NARROWEST_PX = 3

type Props = {
  mark: LaneMark
  left: number
  width: number
  isSelected: boolean
  onPick: (attempt: number | null) => void
}

/** One bar of a lane: a page, a failed try, a wait, or what is still under way. */
export function MarkBar({ mark, left, width, isSelected, onPick }: Props) {
  const place = { left, width: Math.max(NARROWEST_PX, width) }
  const took = formatDuration(mark.to - mark.from)
  switch (mark.kind) {
    case 'wait':
      return (
        <span
          style={place}
          className="hatched absolute inset-y-[calc((var(--lane-height)-14px)/2)] truncate px-1 text-12 leading-[14px] text-retry"
          title={`Waited ${took}`}
        >
          {width > 52 ? <span className="bg-paper px-0.5">{took}</span> : null}
        </span>
      )
    case 'in_flight':
      return (
        <span
          style={place}
          title={`Page ${mark.page} has been asked for, ${took} ago`}
          className="absolute inset-y-1 flex items-center justify-between gap-1 overflow-hidden rounded-l-sm border border-r-0 border-dashed border-running px-1 text-12 text-running"
        >
          {width > 40 ? `p${mark.page}` : null}
          <span aria-hidden className="pulse ml-auto">
            {width > 16 ? '▷' : null}
          </span>
        </span>
      )
    case 'try':
      return (
        <button
          type="button"
          tabIndex={-1}
          style={place}
          onClick={() => onPick(mark.attempt)}
          aria-label={`${whatOf(mark.page)}, try ${mark.attempt}: ${mark.status ?? ''} ${mark.reason}, ${took}`}
          title={`${whatOf(mark.page)}, try ${mark.attempt}: ${mark.status ?? ''} ${mark.reason} · ${took}`}
          className={`absolute inset-y-1 flex items-center truncate rounded-sm border-l-2 px-1 text-12 text-ink ${mark.isLast ? 'border-failed bg-failed/22' : 'border-retry bg-retry/20'} ${isSelected ? 'ring-2 ring-accent' : ''}`}
        >
          {width > 34 ? `✗ ${mark.status ?? mark.reason}` : null}
        </button>
      )
    case 'page':
      return (
        <button
          type="button"
          tabIndex={-1}
          style={place}
          onClick={() => onPick(null)}
          aria-label={`Page ${mark.page}: ${mark.status ?? ''}, ${formatCount(mark.items)} items, ${took}`}
          title={`Page ${mark.page}: ${mark.status ?? ''} · ${formatCount(mark.items)} items · ${took}`}
          className={`absolute inset-y-1 flex items-center gap-1 truncate rounded-l-sm border-l-2 text-12 transition-[width] ease-out ${width > 8 ? 'turned px-1' : ''} ${isSelected ? 'border-accent bg-accent text-on-accent' : 'border-done bg-done/24 text-ink hover:bg-done/38'}`}
        >
          {width > 22 ? `p${mark.page}` : null}
          {width > 58 ? <span className={isSelected ? '' : 'text-ink-2'}>· {formatCount(mark.items)}</span> : null}
        </button>
      )
  }
}

const whatOf = (page: number | null): string => (page === null ? 'Statement' : `Page ${page}`)
