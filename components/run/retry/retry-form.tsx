'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { retryPreviewSchema, type RetryPreview, type RetryRequest } from '@/domain/api/control'
import { runAnswerSchema } from '@/domain/api/executions'
import { OTHER_INPUTS, retryWords } from '@/domain/execution/retry-words'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { Button } from '@/components/ui/button'
import { countOf } from '@/components/ui/format'
import { ProblemNote } from '@/components/ui/problem-note'
import { BesideNote } from './beside-note'
import { RetryInputs } from './retry-inputs'
import { readWorkload } from './read-workload'
import { VersionChoice, type Version } from './version-choice'

type Props = { execution: string; request: RetryRequest; onRetried: (execution: string) => void }

/** What a retry would send and what it keeps, asked anew each time it is opened; what can be chosen; and the button that does it. */
export function RetryForm({ execution, request: asked, onRetried }: Props) {
  const [version, setVersion] = useState<Version>('ran')
  const [inputs, setInputs] = useState<string | null>(null)
  const address = `/api/executions/${execution}/retry`
  const chosen: RetryRequest = asked.scope === 'page' || version === 'ran' ? asked : { ...asked, version }
  const preview = useQuery({
    queryKey: ['retry', execution, chosen],
    queryFn: ({ signal }) => requestJson(`${address}?${queryOf(chosen)}`, retryPreviewSchema, { signal }),
    placeholderData: (before) => before,
    gcTime: 0,
  })
  const read = inputs === null ? null : readWorkload(inputs)
  const retry = useMutation({
    mutationFn: () => {
      const body = chosen.scope === 'all' && read?.workload ? { ...chosen, workload: read.workload } : chosen
      return requestJson(address, runAnswerSchema, { method: 'POST', body })
    },
    onSuccess: (answer) => onRetried(answer.execution_id),
  })
  const failure = preview.error ?? retry.error
  const title = titleOf(asked, preview.data)
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        retry.mutate()
      }}
    >
      <Dialog.Title className="text-16 font-semibold">{title}</Dialog.Title>
      {failure === null ? null : <ProblemNote problem={problemOf(failure)} />}
      {preview.isPending ? <div className="skeleton h-16" /> : null}
      {preview.data === undefined ? null : (
        <Consequences asked={asked} preview={preview.data} isEdited={inputs !== null} />
      )}
      {asked.scope === 'page' || preview.data === undefined ? null : (
        <VersionChoice
          execution={execution}
          newest={preview.data.newest_version}
          value={version}
          onChange={setVersion}
        />
      )}
      {asked.scope === 'all' && preview.data?.workload ? (
        <RetryInputs
          execution={execution}
          workload={preview.data.workload}
          text={inputs}
          error={read?.error ?? null}
          onChange={setInputs}
        />
      ) : null}
      <div className="flex justify-end gap-2 pt-1">
        <Dialog.Close asChild>
          <Button>Not now</Button>
        </Dialog.Close>
        <Button
          kind="primary"
          type="submit"
          disabled={preview.data === undefined || preview.isError || retry.isPending || typeof read?.error === 'string'}
        >
          {retry.isPending ? 'Retrying…' : title}
        </Button>
      </div>
    </form>
  )
}

type ConsequencesProps = { asked: RetryRequest; preview: RetryPreview; isEdited: boolean }

function Consequences({ asked, preview, isEdited }: ConsequencesProps) {
  return (
    <div className="space-y-1.5 text-ink-2">
      <p>
        <span className="font-medium text-ink">{retryWords(preview, shortTime)}.</span> {whatHappens(asked, preview)}
      </p>
      {isEdited ? <p>{OTHER_INPUTS}</p> : null}
      {preview.limit_resets === null ? null : <p>Known from {preview.limit_resets.because}.</p>}
      {preview.beside === null ? null : <BesideNote execution={preview.beside} />}
    </div>
  )
}

function whatHappens(asked: RetryRequest, { new_execution: isNew }: RetryPreview): string {
  if (asked.scope === 'page')
    return 'The page is asked for again and put in the place of the saved one. The pages after it are kept; should it lead elsewhere now, the run says so.'
  if (asked.scope === 'all') return 'A new run, linked to this one, which stays as it is.'
  return isNew
    ? 'A run keeps the version it started with, so these elements are a new run, linked to this one. They begin at their first page; steps that are no loop run as well.'
    : 'Each goes on at the page that failed, with the playbook as it ran. New attempts are added to this run. Steps that have ended do not run again.'
}

function titleOf(asked: RetryRequest, preview: RetryPreview | undefined): string {
  if (asked.scope === 'all') return 'Run again'
  if (asked.scope === 'page') return `Fetch page ${asked.page} again`
  return preview === undefined || preview.elements === 0
    ? 'Retry the run'
    : `Retry ${countOf(preview.elements, 'element')}`
}

const shortTime = (at: Date): string => at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

const queryOf = (request: RetryRequest): URLSearchParams =>
  new URLSearchParams(Object.entries(request).map(([name, value]) => [name, String(value)]))
