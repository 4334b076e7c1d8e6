import type { ReactNode } from 'react'

/** What a place says while there is nothing in it, and the one thing to do about it. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-2 p-6">
      <p className="text-14 font-medium">{title}</p>
      {children === undefined ? null : <p className="max-w-[72ch] text-ink-2">{children}</p>}
      {action}
    </div>
  )
}
