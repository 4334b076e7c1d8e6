'use client'
import { useMutation } from '@tanstack/react-query'
import { CircleSlash } from 'lucide-react'
import { toast } from 'sonner'
import { runAnswerSchema } from '@/domain/api/executions'
import type { ExecutionView } from '@/domain/execution/view'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { Button } from '@/components/ui/button'
import { countOf } from '@/components/ui/format'

/** What can be done with a run that goes on. The view says when it has happened, so the button waits for that. */
export function RunControls({ view }: { view: ExecutionView }) {
  const cancel = useMutation({
    mutationFn: () => requestJson(`/api/executions/${view.executionId}/cancel`, runAnswerSchema, { method: 'POST' }),
    onError: (error) => toast.error(problemOf(error).detail),
  })
  const isCancelling = cancel.isPending || cancel.isSuccess
  return (
    <Button
      disabled={isCancelling}
      onClick={() => cancel.mutate()}
      title="Requests in flight are given up; what is saved stays"
    >
      <CircleSlash aria-hidden size={13} />
      {isCancelling ? 'Cancelling…' : wordsFor(view.stats.running + view.stats.waiting)}
    </Button>
  )
}

const wordsFor = (moving: number): string =>
  moving === 0 ? 'Cancel run' : `Cancel ${countOf(moving, 'running element')}`
