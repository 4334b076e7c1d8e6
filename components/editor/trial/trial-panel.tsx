'use client'
import { useState } from 'react'
import { ProblemNote } from '@/components/ui/problem-note'
import { DetectionView } from './detection-view'
import type { TestTab } from './test-body'
import { TestView } from './test-view'
import { TrialBar } from './trial-bar'
import type { Trial } from './use-trial'

type Props = {
  trial: Trial
  steps: readonly string[]
  isReadable: boolean
  /** Null where the text can't be edited. */
  onWrite: ((edit: { from: number; to: number; insert: string }) => void) | null
  onClose: () => void
}

/** Under the text: one page of one element as a run would get it, or how its API pages. */
export function TrialPanel({ trial, steps, isReadable, onWrite, onClose }: Props) {
  return (
    <section
      aria-label="Test"
      className="flex h-[46%] min-h-64 shrink-0 flex-col border-t border-line bg-paper max-sm:h-[560px]"
    >
      <TrialBar trial={trial} steps={steps} isReadable={isReadable} onClose={onClose} />
      {trial.isStale ? (
        <p role="status" className="shrink-0 border-b border-line bg-retry/8 px-4 py-1 text-12">
          Out of date: the text or the inputs have changed since.
        </p>
      ) : null}
      <div className="flex min-h-0 flex-1 flex-col">
        <Body trial={trial} onWrite={onWrite} />
      </div>
    </section>
  )
}

function Body({ trial, onWrite }: Pick<Props, 'trial' | 'onWrite'>) {
  const [tab, setTab] = useState<TestTab | null>(null)
  const { outcome } = trial
  switch (outcome.kind) {
    case 'none':
      return (
        <p className="max-w-[72ch] p-4 text-ink-2">
          A test asks for one page of one element and shows what a run would make of it. Nothing is recorded or stored.
        </p>
      )
    case 'asking':
      return (
        <div role="status" aria-busy="true" aria-label="Asking" className="space-y-2 p-4">
          <p className="text-ink-2">
            {outcome.what === 'test' ? 'Asking for the page.' : 'Asking for two pages, to find out how they follow.'}
          </p>
          <div className="skeleton h-24" />
        </div>
      )
    case 'refused':
      return (
        <div className="overflow-y-auto p-4">
          <ProblemNote problem={outcome.problem} />
        </div>
      )
    case 'tested':
      return (
        <TestView
          answer={outcome.answer}
          tab={tab ?? (outcome.answer.items === null ? 'response' : 'items')}
          onTab={setTab}
        />
      )
    case 'detected':
      return (
        <DetectionView answer={outcome.answer} isStale={trial.isStale} step={outcome.asked.step} onWrite={onWrite} />
      )
  }
}
