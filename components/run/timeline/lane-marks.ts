import type { AttemptView, ElementView, PageView } from '@/domain/execution/view'

/** Something drawn in a lane, from and to in milliseconds since the epoch. */
export type LaneMark =
  | { kind: 'page'; page: number; from: number; to: number; items: number; status: number | null }
  | {
      kind: 'try'
      /** Null: a statement, which has no pages. */
      page: number | null
      attempt: number
      from: number
      to: number
      status: number | null
      reason: string
      isLast: boolean
    }
  | { kind: 'wait'; page: number | null; from: number; to: number }
  | { kind: 'in_flight'; page: number; from: number; to: number }

/** What an element did, as marks in time order; what is still under way reaches to `now`. */
export function laneMarks(element: ElementView, now: number): LaneMark[] {
  const marks = [...statementMarks(element), ...element.pages.flatMap((page) => pageMarks(page, now))]
  if (element.status !== 'RUNNING') return marks
  const last = element.pages.at(-1)
  if (last === undefined && element.tries.length > 0) return marks
  if (last === undefined) return element.startedAt === null ? marks : [inFlight(1, element.startedAt, now)]
  if (last.status === 'ok' && last.more !== false) marks.push(inFlight(last.page + 1, last.endedAt, now))
  return marks
}

function pageMarks(page: PageView, now: number): LaneMark[] {
  const marks: LaneMark[] = []
  for (const [at, tried] of page.attempts.entries()) {
    const { endedAt: to } = tried
    marks.push(tryMark(page.page, tried))
    if (tried.delayMs === null || tried.delayMs === 0) continue
    const planned = to + tried.delayMs
    const next = page.attempts[at + 1]?.startedAt ?? (page.status === 'ok' ? page.endedAt - page.durationMs : planned)
    marks.push({ kind: 'wait', page: page.page, from: to, to: Math.max(to, Math.min(planned, next)) })
    if (page.status === 'waiting' && at === page.attempts.length - 1 && now > planned)
      marks.push(inFlight(page.page, planned, now))
  }
  if (page.status !== 'ok') return marks
  const { endedAt: to, durationMs, items, httpStatus: status } = page
  const from = to - durationMs
  if (page.waitedMs > 0) marks.push({ kind: 'wait', page: page.page, from: from - page.waitedMs, to: from })
  return [...marks, { kind: 'page', page: page.page, from, to, items, status }]
}

/** The failed tries of a statement, and the waits between them. */
function statementMarks({ tries, endedAt }: ElementView): LaneMark[] {
  return tries.flatMap((tried, at): LaneMark[] => {
    const mark = tryMark(null, tried)
    if (tried.delayMs === null || tried.delayMs === 0) return [mark]
    const planned = tried.endedAt + tried.delayMs
    const next = tries[at + 1]?.startedAt ?? endedAt ?? planned
    return [
      mark,
      { kind: 'wait', page: null, from: tried.endedAt, to: Math.max(tried.endedAt, Math.min(planned, next)) },
    ]
  })
}

const tryMark = (page: number | null, { attempt, startedAt, endedAt, error, delayMs }: AttemptView): LaneMark => ({
  kind: 'try',
  page,
  attempt,
  from: startedAt,
  to: endedAt,
  status: error.status ?? null,
  reason: shortReason(error.kind),
  isLast: delayMs === null,
})

const inFlight = (page: number, from: number, now: number): LaneMark => ({
  kind: 'in_flight',
  page,
  from,
  to: Math.max(from, now),
})

const SHORT: Record<string, string> = {
  timeout: 'timeout',
  network: 'no answer',
  invalid_json: 'not JSON',
  decode: 'unreadable',
}

const shortReason = (kind: string): string => SHORT[kind] ?? kind.replaceAll('_', ' ')
