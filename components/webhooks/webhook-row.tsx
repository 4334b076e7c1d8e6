'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { z } from 'zod'
import { webhookSchema, webhookWithTokenSchema, type WebhookAnswer, type WebhookWithToken } from '@/domain/api/webhooks'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { Button } from '@/components/ui/button'
import { ConfirmButton } from '@/components/ui/confirm-button'
import { countOf } from '@/components/ui/format'
import { StatusMark } from '@/components/ui/status-mark'
import { TimeAgo } from '@/components/ui/time-ago'

type Props = { webhook: WebhookAnswer; onRotated: (webhook: WebhookWithToken) => void }

/** One webhook: how often it was called, and its token changed or taken away. */
export function WebhookRow({ webhook, onRotated }: Props) {
  const queries = useQueryClient()
  const { webhook_id: id, name, paused, calls, last_used_at: last, inputs, version } = webhook
  const address = `/api/webhooks/${id}`
  const options = { onError: (error: Error) => toast.error(problemOf(error).detail) }
  const refresh = () => queries.invalidateQueries({ queryKey: ['webhooks'] })
  const pause = useMutation({
    mutationFn: () => requestJson(address, webhookSchema, { method: 'PATCH', body: { paused: !paused } }),
    onSuccess: refresh,
    ...options,
  })
  const rotate = useMutation({
    mutationFn: () => requestJson(`${address}/rotate`, webhookWithTokenSchema, { method: 'POST', body: {} }),
    onSuccess: onRotated,
    ...options,
  })
  const revoke = useMutation({
    mutationFn: () => requestJson(address, z.null(), { method: 'DELETE' }),
    onSuccess: refresh,
    ...options,
  })
  return (
    <li aria-label={`Webhook ${name}`} className="border-b border-line/60 px-3 py-3 sm:px-5">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="font-medium break-words">{name}</span>
        {paused ? <StatusMark status="PAUSED" /> : null}
        <span className="text-ink-2">
          {countOf(calls, 'run')} started{last === null ? '' : ', the last '}
          {last === null ? null : <TimeAgo at={last} />}
        </span>
        <span className="text-12 text-ink-3">
          {version === null ? 'newest version' : `version ${version}`}
          {inputs.length === 0 ? '' : ` · may set ${inputs.join(', ')}`}
        </span>
      </div>
      <div className="-ml-2.5 flex flex-wrap items-center gap-1 pt-1">
        <Button kind="quiet" onClick={() => pause.mutate()}>
          {paused ? 'Resume' : 'Pause'}
        </Button>
        <ConfirmButton
          label="New token"
          question="The present address stops at once."
          confirm="Give it a new token"
          onConfirm={() => rotate.mutate()}
        />
        <ConfirmButton
          label="Revoke"
          question="Its address stops at once; its runs stay."
          confirm="Revoke the webhook"
          onConfirm={() => revoke.mutate()}
        />
      </div>
    </li>
  )
}
