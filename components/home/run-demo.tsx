'use client'
import { useMutation } from '@tanstack/react-query'
import { Play } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { problemOf } from '@/components/api/problem-of'
import { runPlaybook } from '@/components/api/run-playbook'
import { Button, buttonClass } from '@/components/ui/button'
import { ProblemNote } from '@/components/ui/problem-note'
import { DEMO_PATH } from './demo'

/** One press to a first live run; it needs nothing but what was started with it. */
export function RunDemo() {
  const router = useRouter()
  const run = useMutation({
    mutationFn: () => runPlaybook({ path: DEMO_PATH }),
    onSuccess: ({ execution_id }) => router.push(`/runs/${execution_id}`),
  })
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" disabled={run.isPending || run.isSuccess} onClick={() => run.mutate()}>
          <Play aria-hidden size={13} />
          Run the demo
        </Button>
        <Link href={`/playbooks/edit/${DEMO_PATH}`} className={buttonClass()}>
          Read it first
        </Link>
        <Link href="/playbooks/new" className={buttonClass()}>
          Write a playbook
        </Link>
      </div>
      {run.isError ? <ProblemNote problem={problemOf(run.error)} /> : null}
    </div>
  )
}
