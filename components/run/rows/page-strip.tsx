import type { ElementView, PageView } from '@/domain/execution/view'

const CELL_PX = 9

type Props = { element: ElementView; width: number; selected: number | null; onPick: (page: number) => void }

/** One cell a page: whole, retried, waiting or failed; the last ones when there are more than fit. */
export function PageStrip({ element, width, selected, onPick }: Props) {
  const room = Math.max(1, Math.floor((width - 48) / CELL_PX))
  const hidden = Math.max(0, element.pages.length - room)
  const isOpen = element.status === 'RUNNING' || element.status === 'WAITING'
  return (
    <span className="flex min-w-0 flex-1 items-center overflow-hidden">
      {hidden === 0 ? null : <span className="pr-1 text-12 text-ink-3">+{hidden}</span>}
      {element.pages.slice(hidden).map((page) => (
        <button
          key={page.page}
          type="button"
          tabIndex={-1}
          onClick={() => onPick(page.page)}
          aria-label={`Page ${page.page}: ${wordOf(page)}`}
          title={`Page ${page.page}: ${wordOf(page)}`}
          className="flex h-5 w-[9px] shrink-0 items-center"
        >
          <span
            className={`h-3.5 w-[7px] rounded-[1px] ${lookOf(page)} ${page.page === selected ? 'outline-2 outline-accent' : ''}`}
          />
        </button>
      ))}
      {isOpen ? (
        <span aria-hidden className="pulse pl-0.5 text-12 text-running">
          ▷
        </span>
      ) : null}
    </span>
  )
}

function lookOf(page: PageView): string {
  if (page.status === 'failed') return 'bg-failed'
  if (page.status === 'waiting') return 'hatched border border-retry text-retry'
  return page.attempts.length === 0 ? 'bg-done/65 turned-small' : 'bg-done/65 turned-small border-b-4 border-retry'
}

function wordOf(page: PageView): string {
  if (page.status === 'failed') return `failed${page.httpStatus === null ? '' : ` with ${page.httpStatus}`}`
  if (page.status === 'waiting') return 'waiting to be tried again'
  return `${page.items} items${page.attempts.length === 0 ? '' : `, after ${page.attempts.length} failed tries`}`
}
