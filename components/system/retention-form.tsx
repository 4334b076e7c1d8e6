'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Dialog } from 'radix-ui'
import { useDeferredValue, useId, useState } from 'react'
import type { RemovalPreview, RetentionPolicy } from '@/domain/api/retention'
import { problemOf } from '@/components/api/problem-of'
import { Button } from '@/components/ui/button'
import { countOf, formatBytes } from '@/components/ui/format'
import { ProblemNote } from '@/components/ui/problem-note'
import { retentionQuery, saveRetention, systemQuery } from './queries'

type Props = { path: string; policy: RetentionPolicy; onSaved: () => void }

const WHOLE_NUMBER = /^[1-9]\d{0,4}$/

/** Limits for what is kept, with what they would remove before they are saved. */
export function RetentionForm({ path, policy, onSaved }: Props) {
  const [days, setDays] = useState(policy.keep_days?.toString() ?? '')
  const [runs, setRuns] = useState(policy.keep_runs?.toString() ?? '')
  const client = useQueryClient()
  const isValid = [days, runs].every((text) => text === '' || WHOLE_NUMBER.test(text))
  const typed = { keep_days: numberOf(days), keep_runs: numberOf(runs) }
  const proposed = { keep_days: numberOf(useDeferredValue(days)), keep_runs: numberOf(useDeferredValue(runs)) }
  const preview = useQuery(retentionQuery(path, proposed))
  const save = useMutation({
    mutationFn: () => saveRetention(path, typed),
    async onSuccess() {
      await client.invalidateQueries({ queryKey: systemQuery.queryKey })
      onSaved()
    },
  })
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Dialog.Title className="text-14 font-medium">
        Keep runs of <span className="font-mono text-13 break-all">{path}</span>
      </Dialog.Title>
      <div className="space-y-2">
        <Limit label="For" value={days} onChange={setDays} unit="days after their end" />
        <Limit label="The newest" value={runs} onChange={setRuns} unit="runs" />
        <p className="text-ink-2">Empty is no limit. With both, whichever is reached first counts.</p>
      </div>
      <p role="status" className="min-h-10 text-ink-2">
        {isValid ? previewWords(typed, preview.data?.preview ?? null) : 'A limit is a whole number above 0.'}
      </p>
      {preview.isError ? <ProblemNote problem={problemOf(preview.error)} /> : null}
      {save.isError ? <ProblemNote problem={problemOf(save.error)} /> : null}
      <div className="flex justify-end gap-2">
        <Dialog.Close asChild>
          <Button>Cancel</Button>
        </Dialog.Close>
        <Button type="submit" kind="primary" disabled={!isValid || save.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}

type LimitProps = { label: string; unit: string; value: string; onChange: (value: string) => void }

function Limit({ label, unit, value, onChange }: LimitProps) {
  const id = useId()
  return (
    <p className="flex items-center gap-2">
      <label htmlFor={id} className="w-20 shrink-0 text-ink-2">
        {label}
      </label>
      <input
        id={id}
        inputMode="numeric"
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value.trim())}
        aria-describedby={`${id}-unit`}
        className="h-7 w-24 rounded-md border border-line bg-paper px-2 text-right tabular-nums"
      />
      <span id={`${id}-unit`} className="text-ink-2">
        {unit}
      </span>
    </p>
  )
}

const numberOf = (text: string): number | null => (WHOLE_NUMBER.test(text) ? Number(text) : null)

function previewWords({ keep_days: days, keep_runs: runs }: RetentionPolicy, preview: RemovalPreview | null): string {
  if (days === null && runs === null) return 'Everything is kept.'
  if (preview === null) return 'Looking what this would remove…'
  if (preview.executions === 0) return 'This would remove nothing now.'
  const since = preview.oldest_at === null ? '' : `, the oldest of ${DAY.format(new Date(preview.oldest_at))}`
  const least = preview.at_least ? 'at least ' : ''
  return `This would remove ${least}${countOf(preview.executions, 'run')}, about ${formatBytes(preview.bytes)}${since}. It begins within seconds of saving and can not be undone.`
}

const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' })
