import type { StepView } from '@/domain/execution/view'
import { countOf, formatDuration } from '@/components/ui/format'
import { lookOf } from '@/components/ui/status'
import { StatusShape } from '@/components/ui/status-shape'
import type { TimeScale } from './time-scale'

/** The head of a step: its own time as a line, above the lanes of its elements. */
export function StepLane({ step, scale, now }: { step: StepView; scale: TimeScale; now: number }) {
  const { tone, color, word } = lookOf(step.status)
  return (
    <div className="flex h-7 items-stretch border-t border-line/60 first:border-t-0">
      <div
        className="flex w-[var(--lane-name)] shrink-0 items-center gap-2 pr-2 pl-3 sm:pl-5"
        title={`${step.name} — ${word}`}
      >
        <span className={color}>
          <StatusShape tone={tone} label={word} />
        </span>
        <span className="truncate font-mono text-12 font-medium">{step.name}</span>
        {step.tool === null ? null : <span className="text-12 text-ink-3 max-sm:hidden">{step.tool}</span>}
      </div>
      <div className="relative min-w-0 flex-1 overflow-hidden">
        {step.startedAt === null ? null : (
          <StepLine step={step} from={scale.x(step.startedAt)} to={scale.x(step.endedAt ?? now)} />
        )}
      </div>
      <span className="flex w-[var(--lane-sum)] shrink-0 items-center justify-end gap-2 truncate pr-5 text-12 text-ink-3 @max-[840px]:hidden">
        {step.sink === null ? null : <span className="truncate">{countOf(step.sink.rows, 'row')} saved</span>}
        {step.iterator === null ? null : `${step.iterator.mode} · ${countOf(step.iterator.collectionSize, 'element')}`}
        {step.iterator === null && step.startedAt !== null && step.endedAt !== null
          ? formatDuration(step.endedAt - step.startedAt)
          : null}
      </span>
    </div>
  )
}

function StepLine({ step, from, to }: { step: StepView; from: number; to: number }) {
  const width = Math.max(2, to - from)
  const isAlone = step.elements.length === 0
  return (
    <span
      style={{ left: from, width }}
      className={`absolute ${isAlone ? 'inset-y-[9px] rounded-sm bg-ink-3/45' : 'top-[13px] h-0.5 bg-ink-3/45'}`}
    />
  )
}
