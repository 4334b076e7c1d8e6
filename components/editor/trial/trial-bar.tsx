'use client'
import { ChevronLeft, ChevronRight, X } from 'lucide-react'
import { MOST_TESTED_PAGES } from '@/domain/api/playbook-test'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { ElementPicker } from './element-picker'
import type { Trial } from './use-trial'

type Props = { trial: Trial; steps: readonly string[]; isReadable: boolean; onClose: () => void }

/** Which step, which element, which page; and the two things to do with it. */
export function TrialBar({ trial, steps, isReadable, onClose }: Props) {
  const { step, page, element } = trial
  const hasNext = trial.hasNext && page < MOST_TESTED_PAGES
  return (
    <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
      <h2 className="text-12 text-ink-3">Test</h2>
      <label className="inline-flex items-center">
        <span className="sr-only">Step</span>
        <select
          value={step}
          disabled={!isReadable}
          onChange={(event) => trial.choose(event.target.value)}
          className="h-6 max-w-48 truncate rounded-md border border-line bg-panel px-1.5 font-mono text-12"
        >
          {steps.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {element === null || element.count === 1 ? null : (
        <ElementPicker
          element={element}
          index={trial.index}
          isDisabled={!isReadable}
          onChange={(index) => trial.test({ index, page: 1 })}
        />
      )}
      <span className="inline-flex items-center">
        <IconButton
          label="Page before"
          disabled={!isReadable || page <= 1}
          onClick={() => trial.test({ page: page - 1 })}
        >
          <ChevronLeft size={16} />
        </IconButton>
        <span className="min-w-12 text-center text-12 whitespace-nowrap tabular-nums">page {page}</span>
        <IconButton
          label="Page after"
          disabled={!isReadable || !hasNext}
          title={page >= MOST_TESTED_PAGES ? `A test follows at most ${MOST_TESTED_PAGES} pages` : 'Page after'}
          onClick={() => trial.test({ page: page + 1 })}
        >
          <ChevronRight size={16} />
        </IconButton>
      </span>
      <span className="ml-auto inline-flex items-center gap-2 max-sm:ml-0">
        <Button disabled={!isReadable} onClick={() => trial.detect()}>
          Detect pagination
        </Button>
        <Button disabled={!isReadable} onClick={() => trial.test({})}>
          Test again
        </Button>
        <IconButton label="Close the test" onClick={onClose}>
          <X size={16} />
        </IconButton>
      </span>
    </div>
  )
}
