import { savedPages, type ElementView } from '@/domain/execution/view'
import { countOf } from '@/components/ui/format'

/** What an element came to so far: pages, items, and whether there is more to come. */
export function ElementSum({ element }: { element: ElementView }) {
  const isOpen = element.status === 'RUNNING' || element.status === 'WAITING'
  return (
    <span className="flex w-[var(--lane-sum)] shrink-0 items-center justify-end gap-3 pr-5 text-12 whitespace-nowrap text-ink-2 @max-[840px]:hidden">
      {element.retries === 0 ? null : (
        <span className="text-retry">{countOf(element.retries, 'retry', 'retries')}</span>
      )}
      <span>{countOf(savedPages(element), 'page')}</span>
      <span className="w-16 text-right">{countOf(element.items, 'item')}</span>
      <span aria-hidden className="w-3 text-running">
        {isOpen ? '▷' : ''}
      </span>
    </span>
  )
}
