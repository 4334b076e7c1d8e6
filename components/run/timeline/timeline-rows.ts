import { elementAt, type ElementView, type ExecutionView, type StepView } from '@/domain/execution/view'

export type StepRow = { kind: 'step'; step: StepView }
export type ElementRow = { kind: 'element'; step: StepView; element: ElementView }
export type TimelineRow = StepRow | ElementRow

/** The rows of the timeline: each step, and under it the elements it turns over. */
export function timelineRows(view: ExecutionView): TimelineRow[] {
  return view.steps.flatMap((step): TimelineRow[] => [
    { kind: 'step', step },
    ...step.elements.map((_, index): TimelineRow => ({ kind: 'element', step, element: elementAt(step, index) })),
  ])
}

/** The stretches of time in which something was being done, for the scale. */
export function busySpans(view: ExecutionView, now: number): { from: number; to: number }[] {
  return view.steps.flatMap((step) => {
    const pages = step.elements.flatMap((element) => element?.pages ?? [])
    const statements = step.elements.flatMap((element) => element?.tries ?? [])
    const tries = [...statements, ...pages.flatMap((page) => page.attempts)].map(
      ({ startedAt: from, endedAt: to }) => ({
        from,
        to,
      }),
    )
    const fetched = pages.flatMap((page) =>
      page.status === 'ok' ? [{ from: page.endedAt - page.durationMs, to: page.endedAt }] : [],
    )
    const isUnderWay = step.elements.some((element) => element?.status === 'RUNNING')
    const overdue = step.elements.flatMap((element) => {
      const from = element?.nextAttemptAt ?? now
      return from < now ? [{ from, to: now }] : []
    })
    const own =
      step.elements.length === 0 && step.startedAt !== null ? [{ from: step.startedAt, to: step.endedAt ?? now }] : []
    return [
      ...tries,
      ...fetched,
      ...own,
      ...overdue,
      ...(isUnderWay ? [{ from: lastMoment(pages, step.startedAt ?? now), to: now }] : []),
    ]
  })
}

const lastMoment = (pages: readonly { endedAt: number }[], otherwise: number): number =>
  pages.reduce((latest, page) => Math.max(latest, page.endedAt), otherwise)
