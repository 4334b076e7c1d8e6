import type { ReactNode } from 'react'

/** The head of a part of a page: what it is for, and the one thing to do. */
export function SectionHead({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-2 px-3 pt-5 pb-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-72">
        <h2 className="text-14 font-medium">{title}</h2>
        <p className="max-w-[72ch] text-ink-2">{children}</p>
      </div>
      {action}
    </div>
  )
}
