import type { ElementView, PageView } from '@/domain/execution/view'

/** Something drawn in a lane, from and to in milliseconds since the epoch. */
export type LaneMark =
  | { kind: 'page'; page: number; from: number; to: number; items: number; status: number | null }
  | {
      kind: 'try'
      page: number
      attempt: number
      from: number
      to: number
      status: number | null
      reason: string
      isLast: boolean
    }
  | { kind: 'wait'; page: number; from: number; to: number }
  | { kind: 'in_flight'; page: number; from: number; to: number }

/** What an element did, as marks in time order; what is still under way reaches to `now`. */
export function laneMarks(element: ElementView, now: number): LaneMark[] {
  const marks = element.pages.flatMap((page) => pageMarks(page, now))
  if (element.status !== 'RUNNING') return marks
  const last = element.pages.at(-1)
  if (last === undefined) return element.startedAt === null ? marks : [inFlight(1, element.startedAt, now)]
  if (last.status === 'ok' && last.more !== false) marks.push(inFlight(last.page + 1, last.endedAt, now))
  return marks
}

function pageMarks(page: PageView, now: number): LaneMark[] {
  const marks: LaneMark[] = []
  for (const [at, tried] of page.attempts.entries()) {
    const { attempt, startedAt: from, endedAt: to, error } = tried
    const isLast = tried.delayMs === null
    marks.push({
      kind: 'try',
      page: page.page,
      attempt,
      from,
      to,
      status: error.status ?? null,
      reason: shortReason(error.kind),
      isLast,
    })
    if (tried.delayMs === null || tried.delayMs === 0) continue
    const planned = to + tried.delayMs
    const next = page.attempts[at + 1]?.startedAt ?? (page.status === 'ok' ? page.endedAt - page.durationMs : planned)
    marks.push({ kind: 'wait', page: page.page, from: to, to: Math.max(to, Math.min(planned, next)) })
    if (page.status === 'waiting' && at === page.attempts.length - 1 && now > planned)
      marks.push(inFlight(page.page, planned, now))
  }
  if (page.status !== 'ok') return marks
  const { endedAt: to, durationMs, items, httpStatus: status } = page
  return [...marks, { kind: 'page', page: page.page, from: to - durationMs, to, items, status }]
}

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
