'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { z } from 'zod'
import { noticeSchema, type NoticeAnswer } from '@/domain/api/notices'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { Button } from '@/components/ui/button'
import { ConfirmButton } from '@/components/ui/confirm-button'
import { StatusMark } from '@/components/ui/status-mark'
import { DeliveryLine } from './delivery-line'
import { DeliveryList } from './delivery-list'

/** One address that is told, how the last notice went, and what was sent before. */
export function NoticeRow({ notice }: { notice: NoticeAnswer }) {
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const { notice_id: id, url, on, paused, is_signed: isSigned, last_delivery: last } = notice
  const address = `/api/notices/${id}`
  const listId = `deliveries-${id}`
  const options = {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['notices'] }),
    onError: (error: Error) => toast.error(problemOf(error).detail),
  }
  const pause = useMutation({
    mutationFn: () => requestJson(address, noticeSchema, { method: 'PATCH', body: { paused: !paused } }),
    ...options,
  })
  const remove = useMutation({ mutationFn: () => requestJson(address, z.null(), { method: 'DELETE' }), ...options })
  return (
    <li aria-label={`Notice to ${url}`} className="border-b border-line/60 px-3 py-3 sm:px-5">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="min-w-0 font-mono text-12 break-all">{url}</span>
        {paused ? <StatusMark status="PAUSED" /> : null}
        <span className="text-12 text-ink-3">
          {on.join(', ')}
          {isSigned ? ' · signed' : ''}
        </span>
      </div>
      <div className="pt-1">
        {last === null ? <span className="text-ink-3">Nothing was sent yet.</span> : <DeliveryLine delivery={last} />}
      </div>
      <div className="-ml-2.5 flex flex-wrap items-center gap-1 pt-1">
        <Button kind="quiet" aria-expanded={isOpen} aria-controls={listId} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide what was sent' : 'What was sent'}
        </Button>
        <Button kind="quiet" onClick={() => pause.mutate()}>
          {paused ? 'Resume' : 'Pause'}
        </Button>
        <ConfirmButton
          label="Delete"
          question="What waits to be sent is dropped."
          confirm="Delete the notice"
          onConfirm={() => remove.mutate()}
        />
      </div>
      <div id={listId}>{isOpen ? <DeliveryList noticeId={id} /> : null}</div>
    </li>
  )
}
