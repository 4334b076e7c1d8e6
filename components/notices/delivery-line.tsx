'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { toast } from 'sonner'
import { deliverySchema, type DeliveryAnswer } from '@/domain/api/notices'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { Button } from '@/components/ui/button'
import { countOf, formatIn } from '@/components/ui/format'
import { toneColor, type Tone } from '@/components/ui/status'
import { StatusShape } from '@/components/ui/status-shape'
import { TimeAgo } from '@/components/ui/time-ago'
import { useNow } from '@/components/ui/use-now'

const LOOKS: Record<DeliveryAnswer['status'], { tone: Tone; word: string }> = {
  DELIVERED: { tone: 'done', word: 'delivered' },
  WAITING: { tone: 'retry', word: 'waiting' },
  FAILED: { tone: 'failed', word: 'given up' },
}

/** One notice: of which run, how it went, and the button that sends it once more. */
export function DeliveryLine({ delivery }: { delivery: DeliveryAnswer }) {
  const queries = useQueryClient()
  const { delivery_id: id, execution_id: execution, status, last_error: error, event } = delivery
  const { tone, word } = LOOKS[status]
  const again = useMutation({
    mutationFn: () => requestJson(`/api/deliveries/${id}/send`, deliverySchema, { method: 'POST', body: {} }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['notices'] }),
        queries.invalidateQueries({ queryKey: ['deliveries'] }),
      ]),
    onError: (failure: Error) => toast.error(problemOf(failure).detail),
  })
  return (
    <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
      <span className={`inline-flex items-center gap-1.5 ${toneColor(tone)}`}>
        <StatusShape tone={tone} />
        {word}
      </span>
      <Link href={`/runs/${execution}`} className="font-mono text-12 text-accent hover:underline">
        #{execution}
      </Link>
      <span className="text-ink-2">{event}</span>
      <Progress delivery={delivery} />
      {error === null ? null : <span className="min-w-0 break-words text-ink-2">{error}</span>}
      <Button kind="quiet" disabled={again.isPending} onClick={() => again.mutate()}>
        {status === 'DELIVERED' ? 'Send again' : 'Send now'}
      </Button>
    </div>
  )
}

function Progress({ delivery }: { delivery: DeliveryAnswer }) {
  const now = useNow(1_000)
  const { attempts, last_attempt_at: last, next_attempt_at: next } = delivery
  return (
    <span className="text-12 text-ink-3">
      {last === null ? 'not tried yet' : <TimeAgo at={last} />}
      {attempts > 1 ? `, ${countOf(attempts, 'try', 'tries')}` : ''}
      {next === null || last === null ? '' : `, again ${formatIn(Date.parse(next), now)}`}
    </span>
  )
}
