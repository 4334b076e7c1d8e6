'use client'
import { useQuery } from '@tanstack/react-query'
import { problemOf } from '@/components/api/problem-of'
import { playbookQuery } from '@/components/api/queries'
import { NoticeSection } from '@/components/notices/notice-section'
import { PlaybookNav } from '@/components/playbooks/playbook-nav'
import { PageHeader } from '@/components/shell/page-header'
import { ProblemNote } from '@/components/ui/problem-note'
import { WebhookSection } from './webhook-section'

/** Who may start a playbook by a call, and who is told when a run of it has ended. */
export function WebhookScreen({ path }: { path: string }) {
  const playbook = useQuery(playbookQuery(path))
  return (
    <>
      <PageHeader
        crumbs={[
          { label: 'Playbooks', href: '/playbooks' },
          { label: path, isCode: true },
        ]}
      />
      <PlaybookNav path={path} current="webhook" />
      <div className="min-h-0 flex-1 overflow-y-auto">
        {playbook.isError ? (
          <div className="p-4">
            <ProblemNote problem={problemOf(playbook.error)} />
          </div>
        ) : (
          <>
            <WebhookSection path={path} />
            <NoticeSection path={path} />
          </>
        )}
      </div>
    </>
  )
}
