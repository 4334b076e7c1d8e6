'use client'
import { useEffect } from 'react'
import { elementAt, isSettled, type ExecutionView } from '@/domain/execution/view'
import { PageHeader } from '@/components/shell/page-header'
import { useRunFavicon } from '@/components/shell/use-run-favicon'
import { formatCount } from '@/components/ui/format'
import { ProblemNote } from '@/components/ui/problem-note'
import { Tabs } from '@/components/ui/tabs'
import { useNow } from '@/components/ui/use-now'
import { Inspector } from '../inspector/inspector'
import { ConnectionMark } from './connection-mark'
import { Readout } from './readout'
import { RetryButton } from './retry/retry-button'
import { RetryLinks } from './retry/retry-links'
import { useReopened } from './retry/use-reopened'
import { waitsForTry } from './retry/waits'
import { RunAgain } from './run-again'
import { AS_STEP, useRunAddress, type RunAddress } from './run-address'
import { RunControls } from './run-controls'
import { RunLens } from './run-lens'
import { RunSkeleton } from './run-skeleton'
import { FailurePanel } from './side/failure-panel'
import { StartedBy, triggerOf } from './started-by'
import { useLiveExecution } from './use-live-execution'
import { useRunKeys } from './use-run-keys'

const MOST_LANES = 20

/** One run, live: the same head, failures and inspector whichever lens is open. */
export function RunScreen({ id }: { id: string }) {
  const live = useLiveExecution(id)
  const [address, setAddress] = useRunAddress()
  const { view, connection } = live
  const known = useReopened(id, live)
  const isOpen = view !== null && !isSettled(view.status)
  const now = useNow(isOpen && connection.state !== 'reconnecting' ? 100 : 0) + live.clockOffsetMs
  const asRows = (address.scale ?? (view !== null && view.stats.elements > MOST_LANES ? 'rows' : 'lanes')) === 'rows'
  useRunKeys(view, address, setAddress, asRows)
  useRunFavicon(signOf(view))
  useTitle(view)
  const trigger = triggerOf(view?.trigger)
  const inspected = view === null ? null : inspectedElement(view, address)
  return (
    <>
      <PageHeader
        crumbs={[
          { label: 'Runs', href: '/runs' },
          { label: view?.path ?? '…', isCode: true },
          { label: `#${id}`, isCode: true },
        ]}
      >
        {isOpen ? <RunControls view={view} now={now} /> : null}
        {view?.status === 'CANCELLED' ? (
          <RetryButton execution={id} request={{ scope: 'failed' }} label="Go on with the run" onRetried={live.goOn} />
        ) : null}
        {view === null ? null : <RunAgain view={view} />}
      </PageHeader>
      {live.problem === null ? null : (
        <div className="p-4">
          <ProblemNote problem={live.problem} />
        </div>
      )}
      {view === null ? (
        live.problem === null && <RunSkeleton />
      ) : (
        <>
          <Readout view={view} now={now} />
          {trigger === null ? null : <StartedBy trigger={trigger} path={view.path} />}
          {known === undefined || (known.retried_from === null && known.retried_by.length === 0) ? null : (
            <RetryLinks retried_from={known.retried_from} retried_by={known.retried_by} />
          )}
          <div className="flex shrink-0 items-center justify-between gap-4 border-b border-line px-3 sm:px-5">
            <div className="min-w-0 overflow-x-auto [scrollbar-width:none]">
              <Tabs
                label="Lens"
                controls="lens"
                active={address.lens}
                onChange={(lens) => void setAddress({ lens }, AS_STEP)}
                tabs={[
                  { id: 'timeline', label: 'Timeline' },
                  { id: 'events', label: 'Events', count: formatCount(view.seq) },
                  { id: 'results', label: 'Results', count: formatCount(view.stats.items) },
                  { id: 'playbook', label: 'Playbook' },
                ]}
              />
            </div>
            <ConnectionMark connection={connection} />
          </div>
          {view.status === 'FAILED' || view.stats.failed > 0 ? (
            <FailurePanel view={view} setAddress={setAddress} onRetried={live.goOn} />
          ) : null}
          <div className="flex min-h-0 flex-1">
            <div
              id="lens"
              role="tabpanel"
              aria-label={address.lens}
              className="@container flex min-h-0 min-w-0 flex-1 flex-col"
            >
              <RunLens live={{ ...live, view }} now={now} asRows={asRows} address={address} setAddress={setAddress} />
            </div>
            {inspected === null || address.inspect === null ? null : (
              <Inspector
                execution={id}
                step={inspected.step}
                element={inspected.element}
                page={address.p ?? 1}
                attempt={address.a}
                onRetried={isOpen ? null : live.goOn}
                waits={isOpen && waitsForTry(inspected.element, now)}
                canFetchAgain={view.status !== 'CANCELLED'}
                tab={address.inspect}
                setAddress={setAddress}
              />
            )}
          </div>
        </>
      )}
    </>
  )
}

function inspectedElement(view: ExecutionView, { step: name, e }: RunAddress) {
  const step = view.steps.find((candidate) => candidate.name === name)
  if (step === undefined || e === null || e < 0 || e >= step.elements.length) return null
  return { step: step.name, element: elementAt(step, e) }
}

function signOf(view: ExecutionView | null): 'running' | 'failed' | 'none' {
  if (view === null) return 'none'
  if (view.status === 'FAILED' || view.stats.failed > 0) return 'failed'
  return isSettled(view.status) ? 'none' : 'running'
}

/** The tab says how far the run is. */
function useTitle(view: ExecutionView | null): void {
  const title = view === null ? null : titleOf(view)
  useEffect(() => {
    if (title !== null) document.title = title
  }, [title])
}

function titleOf({ stats, status, path, executionId }: ExecutionView): string {
  const name = path.split('/').at(-1) ?? path
  const failed = stats.failed > 0 ? ` · ${stats.failed} failed` : ''
  const state = isSettled(status) ? status.toLowerCase() : `${formatCount(stats.pages)} pages`
  return `${state}${failed} · ${name} #${executionId}`
}
