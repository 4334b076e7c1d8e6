'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Dialog } from 'radix-ui'
import { retryPreviewSchema, type RetryPreview, type RetryRequest } from '@/domain/api/control'
import { runAnswerSchema } from '@/domain/api/executions'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { Button } from '@/components/ui/button'
import { countOf } from '@/components/ui/format'
import { ProblemNote } from '@/components/ui/problem-note'

type Props = { execution: string; request: RetryRequest; onRetried: () => void }

/** What a retry would send and what it keeps, asked anew each time it is opened; and the button that does it. */
export function RetryForm({ execution, request, onRetried }: Props) {
  const address = `/api/executions/${execution}/retry`
  const preview = useQuery({
    queryKey: ['retry', execution, request],
    queryFn: ({ signal }) => requestJson(`${address}?${queryOf(request)}`, retryPreviewSchema, { signal }),
    gcTime: 0,
  })
  const retry = useMutation({
    mutationFn: () => requestJson(address, runAnswerSchema, { method: 'POST', body: request }),
    onSuccess: onRetried,
  })
  const failure = preview.error ?? retry.error
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        retry.mutate()
      }}
    >
      <Dialog.Title className="text-16 font-semibold">{titleOf(preview.data)}</Dialog.Title>
      {failure === null ? null : <ProblemNote problem={problemOf(failure)} />}
      {preview.isPending ? <div className="skeleton h-16" /> : null}
      {preview.data === undefined ? null : <Consequences preview={preview.data} />}
      <div className="flex justify-end gap-2 pt-1">
        <Dialog.Close asChild>
          <Button>Not now</Button>
        </Dialog.Close>
        <Button kind="primary" type="submit" disabled={preview.data === undefined || retry.isPending}>
          {retry.isPending ? 'Retrying…' : titleOf(preview.data)}
        </Button>
      </div>
    </form>
  )
}

function Consequences({ preview }: { preview: RetryPreview }) {
  const { elements, pages_kept: kept, at_least_requests: requests } = preview
  return (
    <div className="space-y-1.5 text-ink-2">
      <p>
        <span className="font-medium text-ink">
          {countOf(elements, 'element')}, at least {countOf(requests, 'request')}, {countOf(kept, 'page')} kept.
        </span>{' '}
        Each goes on at the page that failed, with the playbook as it ran.
      </p>
      <p>New attempts are added to this run. Steps that have ended do not run again.</p>
    </div>
  )
}

const titleOf = (preview: RetryPreview | undefined): string =>
  preview === undefined || preview.elements === 0 ? 'Retry the run' : `Retry ${countOf(preview.elements, 'element')}`

const queryOf = (request: RetryRequest): URLSearchParams =>
  new URLSearchParams(Object.entries(request).map(([name, value]) => [name, String(value)]))
