'use client'
import { PageHeader } from '@/components/shell/page-header'
import { Button } from '@/components/ui/button'
import { ProblemNote } from '@/components/ui/problem-note'

export default function ErrorPage({ retry }: { error: unknown; retry: () => void }) {
  return (
    <>
      <PageHeader crumbs={[{ label: 'This page failed' }]} />
      <div className="p-5">
        <ProblemNote
          problem={{
            title: 'This page could not be shown',
            detail: 'Something went wrong while it was drawn. Runs go on, and what has been saved is safe.',
            hint: 'Try again. If it happens again, it is a fault of ours: the browser console says more.',
          }}
          action={<Button onClick={retry}>Try again</Button>}
        />
      </div>
    </>
  )
}
