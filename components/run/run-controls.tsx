'use client'
import { useMutation } from '@tanstack/react-query'
import { CircleSlash, Pause, Play } from 'lucide-react'
import { toast } from 'sonner'
import { runAnswerSchema } from '@/domain/api/executions'
import type { ExecutionView } from '@/domain/execution/view'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { Button } from '@/components/ui/button'
import { countOf, formatCount } from '@/components/ui/format'
import { RetryNowButton } from './retry/retry-now-button'
import { countWaits } from './retry/waits'

type Verb = 'cancel' | 'pause' | 'resume'

/** What can be done with a run that has not ended. The view says when it has happened, so the buttons wait for that. */
export function RunControls({ view, now }: { view: ExecutionView; now: number }) {
  const control = useMutation({
    mutationFn: (verb: Verb) =>
      requestJson(`/api/executions/${view.executionId}/${verb}`, runAnswerSchema, { method: 'POST', body: {} }),
    onError: (error) => toast.error(problemOf(error).detail),
  })
  const isCancelling = control.variables === 'cancel' && !control.isError
  const waiting = view.status === 'RUNNING' ? countWaits(view, now) : 0
  const isBusy = control.isPending || isCancelling
  return (
    <>
      {waiting === 0 ? null : (
        <RetryNowButton
          execution={view.executionId}
          request={{}}
          label={
            <>
              Retry {formatCount(waiting)} <span className="max-sm:hidden">waiting</span> now
            </>
          }
        />
      )}
      {view.status === 'PAUSED' ? (
        <Button disabled={isBusy} onClick={() => control.mutate('resume')}>
          <Play aria-hidden size={13} />
          Resume
        </Button>
      ) : (
        <Button
          disabled={isBusy}
          onClick={() => control.mutate('pause')}
          title="No new page starts; pages in flight are saved"
        >
          <Pause aria-hidden size={13} />
          Pause
        </Button>
      )}
      <Button
        disabled={isBusy}
        onClick={() => control.mutate('cancel')}
        title="Requests in flight are given up; what is saved stays"
      >
        <CircleSlash aria-hidden size={13} />
        {isCancelling ? (
          'Cancelling…'
        ) : (
          <span>
            Cancel<span className="max-sm:hidden"> {wordsFor(view.stats.running + view.stats.waiting)}</span>
          </span>
        )}
      </Button>
    </>
  )
}

const wordsFor = (moving: number): string => (moving === 0 ? 'run' : countOf(moving, 'running element'))
