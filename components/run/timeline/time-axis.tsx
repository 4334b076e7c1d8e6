import { formatDuration } from '@/components/ui/format'
import type { TimeScale } from './time-scale'

/** The time line above the lanes: ticks since the start, and breaks where nothing happened for long. */
export function TimeAxis({ scale }: { scale: TimeScale }) {
  return (
    <div className="flex h-6 items-stretch border-b border-line text-12 text-ink-3">
      <span className="flex w-[var(--lane-name)] shrink-0 items-center pl-3 sm:pl-5">since the start</span>
      <div className="relative min-w-0 flex-1 overflow-hidden">
        {scale.ticks
          .filter((tick) => tick.x < scale.width - 40)
          .map((tick) => (
            <span
              key={tick.x}
              style={{ left: tick.x }}
              className="absolute inset-y-0 flex items-end whitespace-nowrap border-l border-line pl-1"
            >
              {tick.label}
            </span>
          ))}
      </div>
      <span className="w-[var(--lane-sum)] shrink-0 @max-[840px]:hidden" />
    </div>
  )
}

/** Breaks, drawn once through all lanes. */
export function Breaks({ scale }: { scale: TimeScale }) {
  return scale.breaks.map((gap) => (
    <div
      key={gap.from}
      style={{ left: gap.x, width: gap.width }}
      title={`Nothing was sent for ${formatDuration(gap.to - gap.from)}`}
      className="pointer-events-none absolute inset-y-0 flex justify-center border-x border-dashed border-line-strong/50 bg-sunken/70"
    >
      <span className="self-start pt-1 text-12 whitespace-nowrap text-ink-3 [writing-mode:vertical-rl]">
        {formatDuration(gap.to - gap.from)}
      </span>
    </div>
  ))
}
