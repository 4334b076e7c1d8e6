'use client'
import type { ExecutionView } from '@/domain/execution/view'
import { useWidth } from '@/components/ui/use-width'
import type { RunAddress, SetRunAddress } from '../run-address'
import { inspectPage, pickOf } from '../run-pick'
import { Lane } from './lane'
import { LanesTable } from './lanes-table'
import { StepLane } from './step-lane'
import { Breaks, TimeAxis } from './time-axis'
import { timeScale } from './time-scale'
import { busySpans, timelineRows } from './timeline-rows'

type Props = { view: ExecutionView; now: number; address: RunAddress; setAddress: SetRunAddress }

/** So few elements get taller lanes. */
const FEW = 8

/** The whole run over time, a lane an element and a bar a page. */
export function Lanes({ view, now, address, setAddress }: Props) {
  const [trackRef, width] = useWidth()
  const start = view.startedAt ?? now
  const end = Math.max(start + 1, view.endedAt ?? Math.max(now, plannedEnd(view)))
  const scale = timeScale(busySpans(view, now), start, end, Math.max(1, width))
  const pick = pickOf(address)
  return (
    <section
      aria-label="Timeline"
      className={`[--lane-name:120px] [--lane-sum:0px] sm:[--lane-name:232px] @min-[840px]:[--lane-sum:216px] ${view.stats.elements <= FEW ? '[--lane-height:36px]' : '[--lane-height:28px]'}`}
    >
      <TimeAxis scale={scale} />
      <div className="relative">
        <div
          ref={trackRef}
          className="pointer-events-none absolute inset-y-0 right-[var(--lane-sum)] left-[var(--lane-name)]"
        >
          {scale.ticks.map((tick) => (
            <span key={tick.x} style={{ left: tick.x }} className="absolute inset-y-0 border-l border-line/70" />
          ))}
          <Breaks scale={scale} />
        </div>
        <div className="relative">
          {timelineRows(view).map((row) =>
            row.kind === 'step' ? (
              <StepLane key={row.step.name} step={row.step} scale={scale} now={now} />
            ) : (
              <Lane
                key={`${row.step.name}:${row.element.index}`}
                execution={view.executionId}
                isRunning={view.status === 'RUNNING'}
                step={row.step.name}
                element={row.element}
                scale={scale}
                now={now}
                pick={pick}
                onPick={(p, a) => inspectPage(setAddress, { step: row.step.name, e: row.element.index, p, a })}
                onSelect={() => void setAddress({ step: row.step.name, e: row.element.index, p: 1 })}
              />
            ),
          )}
        </div>
      </div>
      <LanesTable view={view} />
    </section>
  )
}

const plannedEnd = (view: ExecutionView): number =>
  view.steps
    .flatMap((step) => step.elements)
    .reduce((latest, element) => Math.max(latest, element?.nextAttemptAt ?? 0), 0)
