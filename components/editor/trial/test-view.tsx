'use client'
import type { TestAnswer } from '@/domain/api/playbook-test'
import { countOf, formatBytes, formatDuration, formatTime } from '@/components/ui/format'
import { StatusShape } from '@/components/ui/status-shape'
import { Tabs } from '@/components/ui/tabs'
import { TestBody, type TestTab } from './test-body'

/** What a run would make of one page. */
export function TestView({ answer, tab, onTab }: { answer: TestAnswer; tab: TestTab; onTab: (tab: TestTab) => void }) {
  return (
    <>
      <div role="status" className="shrink-0 space-y-0.5 px-4 py-2">
        <Outcome answer={answer} />
        <Notes answer={answer} />
      </div>
      <div className="shrink-0 border-b border-line px-4">
        <Tabs label="About this page" controls="trial-body" active={tab} onChange={onTab} tabs={tabsOf(answer)} />
      </div>
      <div id="trial-body" role="tabpanel" aria-label={tab} tabIndex={0} className="min-h-0 flex-1 overflow-y-auto">
        <TestBody tab={tab} answer={answer} />
      </div>
    </>
  )
}

const tabsOf = ({ items }: TestAnswer): { id: TestTab; label: string; count?: string }[] => [
  { id: 'request', label: 'Request' },
  { id: 'response', label: 'Response' },
  { id: 'items', label: 'Items', ...(items === null ? {} : { count: String(items.count) }) },
  { id: 'next', label: 'Next' },
]

function Outcome({ answer }: { answer: TestAnswer }) {
  const { error, response, items, requests } = answer
  if (error !== null)
    return (
      <p className="flex items-start gap-2 text-failed">
        <span className="pt-1">
          <StatusShape tone="failed" />
        </span>
        <span className="min-w-0 break-words">
          {error.message}
          {error.hint ? <span className="text-ink-2"> {error.hint}</span> : null}
        </span>
      </p>
    )
  return (
    <p className="flex flex-wrap items-center gap-x-3">
      <span className={`inline-flex items-center gap-2 ${items === null ? 'text-retry' : 'text-done'}`}>
        <StatusShape tone={items === null ? 'retry' : 'done'} />
        {response === null ? 'no answer' : response.status}
      </span>
      {items === null ? null : <span>{countOf(items.count, 'item')}</span>}
      <span className="text-ink-2">{formatDuration(answer.duration_ms)}</span>
      {response === null || response.bytes === null ? null : (
        <span className="text-ink-2">{formatBytes(response.bytes)}</span>
      )}
      {requests === 1 ? null : <span className="text-ink-2">{requests} requests were sent</span>}
    </p>
  )
}

function Notes({ answer }: { answer: TestAnswer }) {
  const { warnings, tries, waiting_until: until } = answer
  const failed = answer.error === null ? tries : tries.slice(0, -1)
  return (
    <ul className="text-12 text-retry">
      {failed.map(({ page, attempt, error }) => (
        <li key={`${page}/${attempt}`}>
          Page {page}, try {attempt} failed: {error.message}
        </li>
      ))}
      {until === null ? null : (
        <li>A run would ask again at {formatTime(Date.parse(until))}. A test does not wait that long.</li>
      )}
      {warnings.map(({ kind, message }) => (
        <li key={kind}>{message}</li>
      ))}
    </ul>
  )
}
