type Span = { from: number; to: number }

/** A stretch without work that is drawn as a short break instead of its length. */
export type Break = { from: number; to: number; x: number; width: number }

export type TimeScale = {
  /** Milliseconds since the epoch → pixels. */
  x: (time: number) => number
  breaks: Break[]
  ticks: { x: number; label: string }[]
  width: number
}

const BREAK_PX = 40
const SHORTEST_BREAK_MS = 1500
const TICK_PX = 96

/**
 * Maps time to pixels: linear where something happened; a gap in which nothing did becomes a break when drawing its
 * length would leave less than half of the width to the work.
 */
export function timeScale(busy: readonly Span[], start: number, end: number, width: number): TimeScale {
  const gaps = idleGaps(busy, start, end)
  const total = Math.max(1, end - start)
  const work = total - gaps.reduce((sum, gap) => sum + (gap.to - gap.from), 0)
  const cut = gaps.filter((gap) => gap.to - gap.from >= Math.max(SHORTEST_BREAK_MS, work / 2, total / 8))
  const shown = Math.max(1, total - cut.reduce((sum, gap) => sum + (gap.to - gap.from), 0))
  const pxPerMs = Math.max(1, width - cut.length * BREAK_PX) / shown
  const breaks = placeBreaks(cut, start, pxPerMs)
  const x = (time: number) => position(Math.min(Math.max(time, start), end), start, pxPerMs, breaks)
  return { x, breaks, width, ticks: placeTicks(start, end, pxPerMs, x, breaks) }
}

function idleGaps(busy: readonly Span[], start: number, end: number): Span[] {
  const gaps: Span[] = []
  let reached = start
  for (const { from, to } of busy.toSorted((a, b) => a.from - b.from)) {
    if (from > reached) gaps.push({ from: reached, to: from })
    reached = Math.max(reached, to)
  }
  if (end > reached) gaps.push({ from: reached, to: end })
  return gaps
}

function placeBreaks(cut: readonly Span[], start: number, pxPerMs: number): Break[] {
  let hidden = 0
  return cut.map(({ from, to }, at) => {
    const x = (from - start - hidden) * pxPerMs + at * BREAK_PX
    hidden += to - from
    return { from, to, x, width: BREAK_PX }
  })
}

function position(time: number, start: number, pxPerMs: number, breaks: readonly Break[]): number {
  const before = breaks.findLast((gap) => gap.from <= time)
  if (before === undefined) return (time - start) * pxPerMs
  if (time < before.to) return before.x + (before.width * (time - before.from)) / (before.to - before.from)
  return before.x + before.width + (time - before.to) * pxPerMs
}

const STEPS_MS = [1, 2, 5]
  .flatMap((one) => [1, 10, 100, 1000, 10_000].map((ten) => one * ten))
  .concat([15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 14_400_000])

function placeTicks(
  start: number,
  end: number,
  pxPerMs: number,
  x: (time: number) => number,
  breaks: readonly Break[],
) {
  const step = STEPS_MS.toSorted((a, b) => a - b).find((ms) => ms * pxPerMs >= TICK_PX) ?? 86_400_000
  const count = Math.min(2000, Math.floor((end - start) / step))
  const times = Array.from({ length: count + 1 }, (_, at) => start + at * step)
  return times
    .filter((time) => !breaks.some((gap) => time > gap.from && time < gap.to))
    .map((time) => ({ x: x(time), label: tickLabel(time - start, step) }))
}

function tickLabel(ms: number, step: number): string {
  if (ms === 0) return '0'
  if (step < 1000 && ms < 1000) return `${ms} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(step < 1000 ? decimals(step) : 0)} s`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)}:${String(Math.floor((ms % 60_000) / 1000)).padStart(2, '0')}`
  return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`
}

const decimals = (stepMs: number): number => {
  if (stepMs >= 100) return 1
  return stepMs >= 10 ? 2 : 3
}
