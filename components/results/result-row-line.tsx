import type { ResultRow } from '@/domain/api/results'
import { cellText, fieldsOf, type Column } from './columns'

type Props = {
  position: number
  row: ResultRow | undefined
  columns: readonly Column[]
  top: number
  isOpen: boolean
  onOpen: () => void
}

/** One item as a row; a row that is still being read is as high as the others. */
export function ResultRowLine({ position, row, columns, top, isOpen, onOpen }: Props) {
  const fields = row === undefined ? {} : fieldsOf(row.item)
  return (
    <div
      role="row"
      aria-rowindex={position + 2}
      style={{ transform: `translateY(${top}px)` }}
      className={`absolute inset-x-0 flex h-7 items-center border-b border-line/50 font-mono text-12 ${isOpen ? 'bg-accent/10' : 'hover:bg-ink/3'}`}
    >
      <span role="gridcell" className="w-[52px] shrink-0 pr-3 text-right">
        <button
          type="button"
          onClick={onOpen}
          aria-label={`Open item ${position + 1}`}
          className="text-ink-3 hover:text-accent hover:underline"
        >
          {position + 1}
        </button>
      </span>
      {columns.map(({ key, width, isNumeric }) => (
        <span
          key={key}
          role="gridcell"
          style={{ width }}
          title={cellText(fields[key])}
          className={`shrink-0 truncate px-2.5 ${isNumeric ? 'text-right' : ''} ${fields[key] === null ? 'text-ink-3' : ''}`}
        >
          <bdi>{cellText(fields[key])}</bdi>
        </span>
      ))}
      <span role="gridcell" className="w-[132px] shrink-0 truncate border-l border-line px-2.5 text-ink-2">
        <bdi>{row === undefined ? '' : (row.element ?? `#${row.index}`)}</bdi>
      </span>
      <span role="gridcell" className="w-[52px] shrink-0 pr-3 text-right text-ink-2">
        {row?.page}
      </span>
    </div>
  )
}
