import Link from 'next/link'
import type { ReactNode } from 'react'

export type Crumb = { label: string; href?: string; isCode?: boolean }

/** The head of every page, always 48 px high: where one is, and what can be done here. */
export function PageHeader({ crumbs, children }: { crumbs: readonly Crumb[]; children?: ReactNode }) {
  const last = crumbs.length - 1
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-4 sm:px-5">
      <h1 className="flex min-w-0 items-center gap-1.5 text-14">
        {crumbs.map((crumb, at) => (
          <span
            key={crumb.label}
            className={`flex items-center gap-1.5 ${crumb.href === undefined ? 'min-w-0' : 'shrink-0 max-sm:hidden'}`}
          >
            {at === 0 ? null : (
              <span aria-hidden className={`text-ink-3 ${at === 1 ? 'max-sm:hidden' : ''}`}>
                /
              </span>
            )}
            <CrumbText crumb={crumb} isLast={at === last} />
          </span>
        ))}
      </h1>
      <div className="ml-auto flex shrink-0 items-center gap-2">{children}</div>
    </header>
  )
}

function CrumbText({ crumb, isLast }: { crumb: Crumb; isLast: boolean }) {
  const type = crumb.isCode ? 'font-mono text-13' : ''
  if (crumb.href !== undefined && !isLast) {
    return (
      <Link href={crumb.href} className={`text-ink-2 hover:text-ink ${type}`}>
        {crumb.label}
      </Link>
    )
  }
  const folder = crumb.isCode ? crumb.label.slice(0, crumb.label.lastIndexOf('/') + 1) : ''
  return (
    <span className={`truncate ${isLast ? 'font-medium' : 'text-ink-2'} ${type}`} title={crumb.label}>
      <span className="max-sm:hidden">{folder}</span>
      {crumb.label.slice(folder.length)}
    </span>
  )
}
