'use client'
import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { AttemptAnswer, PageAnswer } from '@/domain/api/iterations'
import type { ElementView, PageView } from '@/domain/execution/view'
import { problemOf } from '@/components/api/problem-of'
import { pageQuery } from '@/components/api/queries'
import { CopyButton } from '@/components/ui/copy-button'
import { countOf, formatBytes, formatDuration } from '@/components/ui/format'
import { IconButton } from '@/components/ui/icon-button'
import { ProblemNote } from '@/components/ui/problem-note'
import { Tabs } from '@/components/ui/tabs'
import { RetryButton } from '../run/retry/retry-button'
import { RetryNowButton } from '../run/retry/retry-now-button'
import { AS_STEP, INSPECTOR_TABS, type InspectorTab, type SetRunAddress } from '../run/run-address'
import { AttemptSwitch } from './attempt-switch'
import { InspectorBody } from './inspector-body'
import { sentRequest, toCurl, type SentRequest } from './sent-request'

type Props = {
  execution: string
  step: string
  element: ElementView
  page: number
  attempt: number | null
  tab: InspectorTab
  /** Null while the run goes on: then nothing can be retried. */
  onRetried: (() => void) | null
  /** It waits for its next try, which may be had at once. */
  waits: boolean
  /** False for a cancelled run, whose elements only go on all together. */
  canFetchAgain: boolean
  setAddress: SetRunAddress
}

/** One page with everything about it: what was sent, what came back, what was decided. */
export function Inspector(props: Props) {
  const { execution, step, element, page, attempt, tab, onRetried, setAddress } = props
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement
    box.current?.focus({ preventScroll: true })
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [])
  const seen = element.pages.find((candidate) => candidate.page === page)
  const query = useQuery(pageQuery({ execution, step, index: element.index, page }, stampOf(seen)))
  const answer = query.data
  const tried = answer?.attempts.find((candidate) => candidate.attempt === attempt) ?? lastFailed(answer)
  const request = requestOf(answer, tried)
  const turn = (to: number) => void setAddress({ p: to, a: null })
  return (
    <div
      role="dialog"
      aria-label={`${element.label}, page ${page}`}
      ref={box}
      tabIndex={-1}
      className="z-30 flex flex-col border-l border-line bg-panel outline-none max-xl:fixed max-xl:inset-y-0 max-xl:right-0 max-xl:w-[min(640px,100vw)] max-xl:shadow-float xl:w-[560px] xl:shrink-0"
    >
      <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line pr-2.5 pl-4">
        <h2 className="flex min-w-0 items-baseline gap-1.5 text-14">
          <bdi className="truncate font-medium">{element.label}</bdi>
          <span aria-hidden className="text-ink-3">
            ›
          </span>
          <span className="whitespace-nowrap">page {page}</span>
        </h2>
        <span className="ml-auto flex items-center">
          <IconButton label="Previous page" disabled={page <= 1} onClick={() => turn(page - 1)}>
            <ChevronLeft size={16} />
          </IconButton>
          <IconButton
            label="Next page"
            disabled={page >= (element.pages.at(-1)?.page ?? 1)}
            onClick={() => turn(page + 1)}
          >
            <ChevronRight size={16} />
          </IconButton>
          <IconButton label="Close the inspector" onClick={() => void setAddress({ inspect: null }, AS_STEP)}>
            <X size={16} />
          </IconButton>
        </span>
      </div>
      <div className="shrink-0 space-y-1.5 border-b border-line px-4 py-2.5">
        <p className="truncate font-mono text-12" title={request?.url}>
          <span className="text-ink-3">{request?.method ?? '…'}</span> {request?.url ?? ''}
        </p>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Outcome answer={answer} tried={tried} />
          <span className="ml-auto flex items-center gap-1">
            {props.waits ? (
              <RetryNowButton execution={execution} request={{ step, index: element.index }} label="Retry now" />
            ) : null}
            {onRetried === null || !props.canFetchAgain || seen?.status !== 'ok' || !hasEnded(element) ? null : (
              <RetryButton
                execution={execution}
                request={{ scope: 'page', step, index: element.index, page }}
                label="Fetch again"
                onRetried={onRetried}
              />
            )}
            {onRetried === null || element.status !== 'FAILED' ? null : (
              <RetryButton
                execution={execution}
                request={{ scope: 'iteration', step, index: element.index }}
                label="Retry from here"
                onRetried={onRetried}
              />
            )}
            {request === null ? null : <CopyButton label="Copy as cURL" text={() => toCurl(request)} />}
          </span>
        </div>
        {element.warnings
          .filter((warning) => warning.page === page)
          .map(({ kind, message }) => (
            <p key={kind} className="text-12 break-words text-retry">
              ⚠ {message}
            </p>
          ))}
        {answer === undefined || answer.attempts.length === 0 ? null : (
          <AttemptSwitch answer={answer} active={tried?.attempt ?? null} onChange={(a) => void setAddress({ a })} />
        )}
      </div>
      <div className="shrink-0 border-b border-line px-4">
        <Tabs
          label="About this page"
          controls="inspector-body"
          active={tab}
          onChange={(inspect) => void setAddress({ inspect })}
          tabs={TABS}
        />
      </div>
      <div id="inspector-body" role="tabpanel" aria-label={tab} tabIndex={0} className="min-h-0 flex-1 overflow-y-auto">
        {query.isError ? (
          <div className="p-4">
            <ProblemNote problem={problemOf(query.error)} />
          </div>
        ) : null}
        {query.isPending ? <div className="skeleton m-4 h-32" /> : null}
        {answer === undefined || request === null ? null : (
          <InspectorBody
            tab={tab}
            answer={answer}
            tried={tried}
            request={request}
            address={{ execution, step, index: element.index, page }}
          />
        )}
      </div>
    </div>
  )
}

const TABS = INSPECTOR_TABS.map((id) => ({
  id,
  label: id === 'decision' ? 'Why next' : id.replace(/^./, (first) => first.toUpperCase()),
}))

/** Changes whenever the page or its tries did. */
const stampOf = (page: PageView | undefined): string =>
  page === undefined ? 'none' : `${page.status}:${page.attempts.length}:${page.endedAt}`

const hasEnded = ({ status }: ElementView): boolean => status === 'COMPLETED' || status === 'FAILED'

/** A page without a response shows its last failed try. */
const lastFailed = (answer: PageAnswer | undefined): AttemptAnswer | undefined =>
  answer !== undefined && answer.response === null ? answer.attempts.at(-1) : undefined

function requestOf(answer: PageAnswer | undefined, tried: AttemptAnswer | undefined): SentRequest | null {
  const stored = tried?.request ?? answer?.request
  return stored ? sentRequest(stored) : null
}

function Outcome({ answer, tried }: { answer: PageAnswer | undefined; tried: AttemptAnswer | undefined }) {
  if (answer === undefined) return <span className="skeleton h-4 w-40" />
  if (tried !== undefined) {
    return (
      <span className="text-failed">
        ✗ {tried.error.message}
        <span className="text-ink-2"> · {formatDuration(tried.duration_ms)}</span>
      </span>
    )
  }
  if (answer.response === null) return <span className="text-ink-2">No answer yet.</span>
  return (
    <span className="flex flex-wrap gap-x-3">
      <span className="text-done">✓ {answer.response.status}</span>
      <span>{countOf(answer.item_count, 'item')}</span>
      <span className="text-ink-2">{formatDuration(answer.duration_ms ?? 0)}</span>
      <span className="text-ink-2">{formatBytes(answer.response.bytes)}</span>
    </span>
  )
}
