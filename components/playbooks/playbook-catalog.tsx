'use client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import Link from 'next/link'
import { parseAsString, useQueryState } from 'nuqs'
import { problemOf } from '@/components/api/problem-of'
import { executionsQuery, playbooksQuery } from '@/components/api/queries'
import { PageHeader } from '@/components/shell/page-header'
import { buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { countOf } from '@/components/ui/format'
import { ListSkeleton } from '@/components/ui/list-skeleton'
import { ProblemNote } from '@/components/ui/problem-note'
import { SearchField } from '@/components/ui/search-field'
import { byFolder } from './by-folder'
import { PlaybookLine } from './playbook-line'

/** All playbooks by folder, each with how its last runs went. */
export function PlaybookCatalog() {
  const [find, setFind] = useQueryState('find', parseAsString.withDefault(''))
  const query = useQuery(playbooksQuery)
  const recent = useInfiniteQuery(executionsQuery({ limit: 200 }))
  const runs = recent.data?.pages.flatMap(({ items }) => items) ?? []
  const all = query.data?.items ?? []
  const folders = byFolder(all, find)
  return (
    <>
      <PageHeader crumbs={[{ label: 'Playbooks' }]}>
        <Link href="/playbooks/new" className={buttonClass('primary')}>
          <Plus aria-hidden size={14} />
          New playbook
        </Link>
      </PageHeader>
      <div className="flex h-10 shrink-0 items-center gap-3 border-b border-line px-3 sm:px-5">
        <SearchField label="Find a playbook" value={find} onChange={(value) => void setFind(value)} />
        <span className="ml-auto text-12 text-ink-3">{query.isSuccess ? countOf(all.length, 'playbook') : ''}</span>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {query.isError ? (
          <div className="p-4">
            <ProblemNote problem={problemOf(query.error)} />
          </div>
        ) : null}
        {query.isPending ? <ListSkeleton rows={8} /> : null}
        {query.isSuccess && folders.length === 0 ? (
          <EmptyState
            title={all.length === 0 ? 'There are no playbooks yet' : 'No playbook matches'}
            action={
              all.length === 0 ? (
                <Link href="/playbooks/new" className={buttonClass('primary')}>
                  Write the first one
                </Link>
              ) : undefined
            }
          >
            {all.length === 0 ? 'A playbook says which APIs to ask and when to stop.' : `Nothing is called “${find}”.`}
          </EmptyState>
        ) : null}
        {folders.map(({ folder, playbooks }) => (
          <section key={folder} aria-label={folder}>
            <h2 className="px-3 pt-4 pb-1.5 font-mono text-12 text-ink-3 sm:px-5">{folder}/</h2>
            <ul className="border-t border-line/60">
              {playbooks.map((playbook) => (
                <PlaybookLine
                  key={playbook.path}
                  playbook={playbook}
                  runs={runs.filter(({ path }) => path === playbook.path)}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  )
}
