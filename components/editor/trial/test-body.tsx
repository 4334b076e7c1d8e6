'use client'
import { useMemo } from 'react'
import type { TestAnswer } from '@/domain/api/playbook-test'
import { CodeView } from '@/components/editor/code-view'
import { FactTable } from '@/components/inspector/fact-table'
import { indentJson } from '@/components/inspector/indent-json'
import { RequestTab } from '@/components/inspector/request-tab'
import { sentRequest } from '@/components/inspector/sent-request'
import { stopWords } from '@/components/run/stop-words'
import { countOf } from '@/components/ui/format'
import { StatusShape } from '@/components/ui/status-shape'

export type TestTab = 'request' | 'response' | 'items' | 'next'

export function TestBody({ tab, answer }: { tab: TestTab; answer: TestAnswer }) {
  switch (tab) {
    case 'request':
      return <RequestTab request={sentRequest(answer.request)} before={null} page={answer.page} />
    case 'response':
      return <ResponseTab response={answer.response} />
    case 'items':
      return <ItemsTab items={answer.items} />
    case 'next':
      return <NextTab answer={answer} />
  }
}

function ResponseTab({ response }: Pick<TestAnswer, 'response'>) {
  const shown = useMemo(() => (response === null ? '' : indentJson(response.body)), [response])
  if (response === null) return <p className="p-4 text-ink-2">No answer came.</p>
  return (
    <div className="flex min-h-full flex-col">
      {response.body_truncated ? (
        <p className="px-4 pt-2 text-12 text-retry">The first 64 Ki characters of the body are shown.</p>
      ) : null}
      <div className="min-h-40 flex-1">
        {shown === '' ? (
          <p className="p-4 text-ink-2">The body is empty.</p>
        ) : (
          <CodeView label="Response body" language="json" text={shown} />
        )}
      </div>
      <FactTable label="Headers received" facts={Object.entries(response.headers)} />
    </div>
  )
}

function ItemsTab({ items }: Pick<TestAnswer, 'items'>) {
  const text = useMemo(() => JSON.stringify(items?.rows ?? [], null, 2), [items])
  if (items === null) return <p className="p-4 text-ink-2">The page could not be read, so there are no items.</p>
  return (
    <div className="flex min-h-full flex-col">
      <p className="px-4 py-2 text-12 text-ink-2">
        {countOf(items.count, 'item')} at <code className="font-mono">{items.path}</code>
        {items.guessed ? ', which is a guess: write it as items to be sure' : ''}
        {items.received === items.count ? '' : `; ${countOf(items.received, 'item')} came`}
        {items.count > items.rows.length ? `; the first ${items.rows.length} are shown` : ''}.
      </p>
      {items.rows.length === 0 ? null : (
        <div className="min-h-40 flex-1 border-t border-line">
          <CodeView label="Items" language="json" text={text} />
        </div>
      )}
    </div>
  )
}

function NextTab({ answer }: { answer: TestAnswer }) {
  const { next, stop_reason: reason, decision } = answer
  const rule = typeof decision?.['rule'] === 'string' ? decision['rule'] : null
  return (
    <div>
      <p className="flex items-start gap-2 px-4 pt-3">
        <span className={`pt-1 ${next === null ? 'text-done' : 'text-running'}`}>
          <StatusShape tone={next === null ? 'done' : 'running'} />
        </span>
        {nextWords(answer)}
      </p>
      {rule === null ? null : <FactTable label="Why" facts={[['rule', rule], ...valuesOf(decision)]} />}
      {next === null || reason !== null ? null : (
        <RequestTab request={sentRequest(next.request)} before={sentRequest(answer.request)} page={next.page} />
      )}
    </div>
  )
}

function nextWords({ next, page, stop_reason: reason }: TestAnswer): string {
  if (reason !== null) return `A run would stop here: ${stopWords(reason)}.`
  if (next === null) return 'A run would end here, with the error above.'
  return next.page === page ? `A run would ask for page ${page} again.` : `A run would go on to page ${next.page}.`
}

function valuesOf(decision: TestAnswer['decision']): [string, string][] {
  const values = decision?.['values']
  if (typeof values !== 'object' || values === null) return []
  return Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)])
}
