import type { ElementView } from '@/domain/execution/view'
import { StatusShape } from '@/components/ui/status-shape'
import { lookOf } from '@/components/ui/status'
import type { Pick } from '../run-pick'
import { RetryNowButton } from '../retry/retry-now-button'
import { waitsForTry } from '../retry/waits'
import { ElementSum } from './element-sum'
import { laneMarks, type LaneMark } from './lane-marks'
import { MarkBar } from './mark-bar'
import type { TimeScale } from './time-scale'

type Props = {
  execution: string
  /** False for a paused run, in which nothing goes on. */
  isRunning: boolean
  step: string
  element: ElementView
  scale: TimeScale
  now: number
  pick: Pick | null
  onPick: (page: number, attempt: number | null) => void
  onSelect: () => void
}

/** One element: its name, its pages over time, what they came to. */
export function Lane({ execution, isRunning, step, element, scale, now, pick, onPick, onSelect }: Props) {
  const { tone, color, word } = lookOf(element.status)
  const isSelected = pick?.step === step && pick.e === element.index
  return (
    <div
      className={`flex h-[var(--lane-height)] items-stretch ${isSelected ? 'bg-accent/8' : 'hover:bg-ink/3'}`}
      data-element={element.index}
    >
      <button
        type="button"
        onClick={onSelect}
        aria-pressed={isSelected}
        className="flex w-[var(--lane-name)] shrink-0 items-center gap-2 pr-2 pl-7 text-left max-sm:pl-3"
        title={`${element.label} — ${word}`}
      >
        <span className={color}>
          <StatusShape tone={tone} label={word} />
        </span>
        <bdi className="truncate">{element.label}</bdi>
      </button>
      <div className="relative min-w-0 flex-1 overflow-hidden" style={{ width: scale.width }}>
        {isRunning && waitsForTry(element, now) ? (
          <RetryNowButton
            execution={execution}
            request={{ step, index: element.index }}
            label="Retry now"
            spoken={`Retry ${element.label} now`}
            className="absolute inset-y-0.5 right-1 z-10 !h-auto"
          />
        ) : null}
        {visibleMarks(laneMarks(element, now), scale).map(({ mark, left, width }) => (
          <MarkBar
            key={`${mark.kind}:${mark.page}:${'attempt' in mark ? mark.attempt : mark.from}`}
            mark={mark}
            left={left}
            width={width}
            isSelected={isSelected && pick.p === mark.page}
            onPick={(attempt) => (mark.page === null ? onSelect() : onPick(mark.page, attempt))}
          />
        ))}
      </div>
      <ElementSum element={element} />
    </div>
  )
}

const MANY = 200

/** Of very many bars, those within two pixels of the one before are one to the eye. */
function visibleMarks(marks: readonly LaneMark[], scale: TimeScale) {
  const seen = { right: -Infinity }
  return marks.flatMap((mark) => {
    const left = scale.x(mark.from)
    const right = scale.x(mark.to)
    if (marks.length > MANY && mark.kind === 'page' && right < seen.right + 2) return []
    seen.right = Math.max(seen.right, right)
    return [{ mark, left, width: Math.max(0, right - left - (mark.kind === 'page' ? 1 : 0)) }]
  })
}
