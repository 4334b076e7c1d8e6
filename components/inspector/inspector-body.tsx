'use client'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { AttemptAnswer, PageAnswer } from '@/domain/api/iterations'
import { pageQuery, type PageAddress } from '@/components/api/queries'
import { CodeView } from '@/components/editor/code-view'
import { formatBytes, formatDuration } from '@/components/ui/format'
import type { InspectorTab } from '../run/run-address'
import { DecisionTab } from './decision-tab'
import { FactTable } from './fact-table'
import { indentJson } from './indent-json'
import { RequestTab } from './request-tab'
import { sentRequest, type SentRequest } from './sent-request'
import { TimingTab } from './timing-tab'

type Props = {
  tab: InspectorTab
  answer: PageAnswer
  tried: AttemptAnswer | undefined
  request: SentRequest
  address: PageAddress
}

/** The open tab of the inspector: of the page, or of one failed try of it. */
export function InspectorBody({ tab, answer, tried, request, address }: Props) {
  const { page } = address
  const before = useQuery({
    ...pageQuery({ ...address, page: page - 1 }, 'ok:0'),
    enabled: tab === 'request' && page > 1,
  }).data
  switch (tab) {
    case 'response':
      return tried === undefined ? <PageBody answer={answer} /> : <TriedBody tried={tried} />
    case 'request':
      return (
        <RequestTab
          request={request}
          page={page}
          before={page > 1 && before?.request ? sentRequest(before.request) : null}
        />
      )
    case 'headers':
      return (
        <>
          <FactTable
            label="Headers received"
            facts={Object.entries((tried ? tried.headers : answer.response?.headers) ?? {})}
          />
          <FactTable label="Headers sent" facts={Object.entries(request.headers)} />
        </>
      )
    case 'timing':
      return tried === undefined ? (
        <TimingTab timing={answer.timing} durationMs={answer.duration_ms} />
      ) : (
        <TimingTab timing={null} durationMs={tried.duration_ms} />
      )
    case 'decision':
      return tried === undefined ? <DecisionTab next={answer.next} page={page} /> : <WhyRetried tried={tried} />
  }
}

function PageBody({ answer }: { answer: PageAnswer }) {
  const response = answer.response
  const shown = useMemo(() => (response === null ? '' : indentJson(response.body)), [response])
  if (response === null) return <p className="p-4 text-ink-2">No answer has come yet.</p>
  return (
    <div className="flex h-full flex-col">
      {response.body_truncated ? (
        <p className="px-4 py-2 text-12 text-retry">
          The body has {formatBytes(response.bytes)}; the first 256 Ki characters are shown. Exports hold all of it.
        </p>
      ) : null}
      <div className="min-h-0 flex-1">
        <CodeView label="Response body" language="json" text={shown} />
      </div>
    </div>
  )
}

function TriedBody({ tried }: { tried: AttemptAnswer }) {
  return (
    <div className="flex h-full flex-col">
      <div className="space-y-1 px-4 py-3">
        <p className="text-failed">{tried.error.message}</p>
        {tried.error.hint ? <p className="text-ink-2">{tried.error.hint}</p> : null}
      </div>
      {tried.body_text === null ? (
        <p className="px-4 text-ink-2">No body came back.</p>
      ) : (
        <div className="min-h-0 flex-1 border-t border-line">
          <CodeView label="Response body of this try" language="text" text={tried.body_text} />
        </div>
      )}
    </div>
  )
}

function WhyRetried({ tried }: { tried: AttemptAnswer }) {
  return (
    <FactTable
      label="What followed"
      facts={[
        ['kind', tried.error.kind],
        [
          'next try',
          tried.delay_ms === null ? 'none: this was the last one' : `after ${formatDuration(tried.delay_ms)}`,
        ],
      ]}
    />
  )
}
