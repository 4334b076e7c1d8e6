'use client'
import { X } from 'lucide-react'
import type { ResultRow } from '@/domain/api/results'
import { Button } from '@/components/ui/button'
import { CodeView } from '@/components/editor/code-view'
import { CopyButton } from '@/components/ui/copy-button'
import { IconButton } from '@/components/ui/icon-button'

type Props = { row: ResultRow; position: number; onClose: () => void; onInspect: () => void }

/** One item in full, with the way to the page it came from. */
export function ItemDrawer({ row, position, onClose, onInspect }: Props) {
  const text = JSON.stringify(row.item, null, 2)
  return (
    <div
      role="dialog"
      aria-label={`Item ${position + 1}`}
      className="z-30 flex flex-col border-l border-line bg-panel max-xl:fixed max-xl:inset-y-0 max-xl:right-0 max-xl:w-[min(560px,100vw)] max-xl:shadow-float xl:w-[480px] xl:shrink-0"
    >
      <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line pr-2.5 pl-4">
        <h2 className="min-w-0 truncate text-14 font-medium">Item {position + 1}</h2>
        <span className="truncate text-12 text-ink-3">
          <bdi>{row.element ?? `#${row.index}`}</bdi> › page {row.page} › row {row.row}
        </span>
        <span className="ml-auto flex items-center">
          <CopyButton label="Copy" text={() => text} />
          <Button kind="quiet" onClick={onInspect}>
            Inspect the page
          </Button>
          <IconButton label="Close the item" onClick={onClose}>
            <X size={16} />
          </IconButton>
        </span>
      </div>
      <div className="min-h-0 flex-1">
        <CodeView label={`Item ${position + 1} as JSON`} language="json" text={text} />
      </div>
    </div>
  )
}
