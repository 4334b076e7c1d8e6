'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf } from '@/components/api/problem-of'
import { Button } from '@/components/ui/button'
import { ListSkeleton } from '@/components/ui/list-skeleton'
import { ProblemNote } from '@/components/ui/problem-note'
import { SectionHead } from '@/components/ui/section-head'
import { NoticeForm } from './notice-form'
import { NoticeRow } from './notice-row'
import { noticesQuery } from './queries'

/** Who is told when a run of the playbook has ended. */
export function NoticeSection({ path }: { path: string }) {
  const [isOpen, setOpen] = useState(false)
  const query = useQuery(noticesQuery(path))
  const all = query.data?.items ?? []
  return (
    <section aria-label="Notices">
      <SectionHead title="Notices" action={isOpen ? null : <Button onClick={() => setOpen(true)}>New notice</Button>}>
        When a run of this playbook ends, its status, counts and error are posted to these addresses, and tried again
        for a day.
      </SectionHead>
      {isOpen ? <NoticeForm path={path} onClose={() => setOpen(false)} /> : null}
      {query.isPending ? <ListSkeleton rows={1} /> : null}
      {query.isError ? (
        <div className="px-3 sm:px-5">
          <ProblemNote problem={problemOf(query.error)} />
        </div>
      ) : null}
      {query.isSuccess && all.length === 0 && !isOpen ? (
        <p className="px-3 pb-3 text-ink-3 sm:px-5">Nobody is told yet.</p>
      ) : null}
      {all.length === 0 ? null : (
        <ul aria-label="Notices of this playbook" className="border-t border-line/60">
          {all.map((notice) => (
            <NoticeRow key={notice.notice_id} notice={notice} />
          ))}
        </ul>
      )}
    </section>
  )
}
