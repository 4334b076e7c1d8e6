'use client'
import { useMutation } from '@tanstack/react-query'
import { FastForward } from 'lucide-react'
import type { ReactNode } from 'react'
import { toast } from 'sonner'
import { retryNowAnswerSchema, type RetryNow } from '@/domain/api/control'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { Button } from '@/components/ui/button'

type Props = {
  execution: string
  request: RetryNow
  label: ReactNode
  /** What a reader hears instead, where several buttons are called the same. */
  spoken?: string
  className?: string
}

/** Lets what waits between two tries go on at once. The view says when it has happened. */
export function RetryNowButton({ execution, request, label, spoken, className = '' }: Props) {
  const now = useMutation({
    mutationFn: () =>
      requestJson(`/api/executions/${execution}/retry-now`, retryNowAnswerSchema, { method: 'POST', body: request }),
    onError: (error) => toast.error(problemOf(error).detail),
  })
  return (
    <Button
      className={className}
      disabled={now.isPending}
      onClick={() => now.mutate()}
      title="Do not wait any longer; a rate limit of the playbook still holds"
      {...(spoken !== undefined && { 'aria-label': spoken })}
    >
      <FastForward aria-hidden size={13} />
      {label}
    </Button>
  )
}
