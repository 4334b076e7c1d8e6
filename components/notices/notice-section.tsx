'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { SectionHead } from '@/components/ui/section-head'
import { SectionList } from '@/components/api/section-list'
import { NoticeForm } from './notice-form'
import { NoticeRow } from './notice-row'
import { noticesQuery } from './queries'

/** Who is told when a run of the playbook has ended. */
export function NoticeSection({ path }: { path: string }) {
  const [isOpen, setOpen] = useState(false)
  const query = useQuery(noticesQuery(path))
  return (
    <section aria-label="Notices">
      <SectionHead title="Notices" action={isOpen ? null : <Button onClick={() => setOpen(true)}>New notice</Button>}>
        When a run of this playbook ends, its status, counts and error are posted to these addresses, and tried again
        for a day.
      </SectionHead>
      {isOpen ? <NoticeForm path={path} onClose={() => setOpen(false)} /> : null}
      <SectionList query={query} label="Notices of this playbook" empty={isOpen ? null : 'Nobody is told yet.'}>
        {(notice) => <NoticeRow key={notice.notice_id} notice={notice} />}
      </SectionList>
    </section>
  )
}
