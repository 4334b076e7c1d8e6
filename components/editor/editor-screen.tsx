'use client'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { problemOf } from '@/components/api/problem-of'
import { playbookQuery } from '@/components/api/queries'
import { PageHeader, type Crumb } from '@/components/shell/page-header'
import { ProblemNote } from '@/components/ui/problem-note'
import { NEW_PLAYBOOK } from './new-playbook'

/** The draft lives in the browser, so the bench is drawn there only. */
const EditorBench = dynamic(async () => (await import('./editor-bench')).EditorBench, {
  ssr: false,
  loading: () => <BenchSkeleton />,
})

/** One playbook to read, change and run; without a path a new one. */
export function EditorScreen({ path }: { path: string | null }) {
  if (path === null) return <EditorBench path={null} saved={NEW_PLAYBOOK} version={null} crumbs={crumbsOf(null)} />
  return <SavedPlaybook path={path} />
}

function SavedPlaybook({ path }: { path: string }) {
  const query = useQuery(playbookQuery(path))
  const crumbs = crumbsOf(path)
  if (query.data !== undefined) {
    return <EditorBench path={path} saved={query.data.content} version={query.data.version} crumbs={crumbs} />
  }
  return (
    <>
      <PageHeader crumbs={crumbs} />
      {query.isError ? (
        <div className="p-4">
          <ProblemNote problem={problemOf(query.error)} />
        </div>
      ) : (
        <BenchSkeleton />
      )}
    </>
  )
}

const crumbsOf = (path: string | null): Crumb[] => [
  { label: 'Playbooks', href: '/playbooks' },
  path === null ? { label: 'New playbook' } : { label: path, isCode: true },
]

function BenchSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Loading" className="space-y-2 p-5">
      {[24, 30, 18, 40, 36, 44, 28].map((width) => (
        <div key={width} className="skeleton h-4" style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
