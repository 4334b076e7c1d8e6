'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Pencil, Play } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { z } from 'zod'
import type { ExecutionView } from '@/domain/execution/view'
import { problemOf } from '@/components/api/problem-of'
import { executionPlaybookQuery, executionQuery } from '@/components/api/queries'
import { runPlaybook } from '@/components/api/run-playbook'
import { Button, buttonClass } from '@/components/ui/button'

/** What to do next with a run: change its playbook, or run exactly the same again. */
export function RunAgain({ view }: { view: ExecutionView }) {
  const router = useRouter()
  const queries = useQueryClient()
  const again = useMutation({
    mutationFn: async () => {
      const [{ content }, { workload }] = await Promise.all([
        queries.fetchQuery(executionPlaybookQuery(view.executionId)),
        queries.fetchQuery(executionQuery(view.executionId)),
      ])
      return runPlaybook({ content, workload: workloadSchema.parse(workload) })
    },
    onSuccess: ({ execution_id }) => router.push(`/runs/${execution_id}`),
    onError: (error) => toast.error(problemOf(error).detail),
  })
  return (
    <>
      <Link href={`/playbooks/edit/${view.path}`} className={`${buttonClass('quiet')} max-sm:hidden`}>
        <Pencil aria-hidden size={13} />
        Edit playbook
      </Link>
      <Button disabled={again.isPending} onClick={() => again.mutate()}>
        <Play aria-hidden size={13} />
        Run again
      </Button>
    </>
  )
}

const workloadSchema = z.record(z.string(), z.json())
