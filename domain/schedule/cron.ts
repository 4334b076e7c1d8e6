import { CronExpressionParser, type CronExpression } from 'cron-parser'

/** The short names and what they stand for. */
const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const FIELDS = 5
/** What a field may hold; the parser's own `H` (a time drawn by lot) is not among it. */
const FIELD = /^[0-9A-GI-Za-gi-z*,/\-?#]+$/
const WHAT_IT_IS =
  'five fields (minute, hour, day of the month, month, day of the week) or @hourly, @daily, @weekly, @monthly, @yearly'

export type Cron = {
  /** Five fields with one space between them. */
  fields: string
  /** True when every hour of some day may match: such times follow the clock through a change of it. */
  isEveryHour: boolean
}

/** Reads a cron expression, or says in words what is wrong with it. */
export function parseCron(text: string): Cron | { problem: string } {
  const trimmed = text.trim()
  if (trimmed.startsWith('@')) {
    const named = NAMED[trimmed.toLowerCase()]
    return named === undefined ? { problem: `"${trimmed}" is unknown: write ${WHAT_IT_IS}.` } : read(named)
  }
  const parts = trimmed === '' ? [] : trimmed.split(/\s+/)
  if (parts.length !== FIELDS)
    return { problem: `This has ${parts.length === 1 ? '1 field' : `${parts.length} fields`}: write ${WHAT_IT_IS}.` }
  const odd = parts.find((part) => !FIELD.test(part))
  if (odd !== undefined) return { problem: `"${odd}" is no field of a cron expression: write ${WHAT_IT_IS}.` }
  return read(parts.join(' '))
}

function read(fields: string): Cron | { problem: string } {
  try {
    wallTimes(fields, 0).next()
  } catch (error) {
    return { problem: problemOf(error) }
  }
  return { fields, isEveryHour: fields.split(' ')[1]?.startsWith('*') === true }
}

/** The parser's words, the usual case in ours. */
function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const [, value, range] = /got value (\S+) expected range (\d+-\d+)/.exec(message) ?? []
  return range === undefined ? `This can't be read: ${message}.` : `${value} is out of range: expected ${range}.`
}

/**
 * The times of day that match, after a moment and in order, as if the clock were never changed: both are milliseconds of a
 * wall clock that shows UTC. Ends where no time ever matches (the 30th of February). Throws on what is no cron expression.
 */
export function* wallTimes(fields: string, after: number): Generator<number> {
  const times = CronExpressionParser.parse(fields, { tz: 'UTC', currentDate: new Date(after) })
  for (;;) {
    const next = nextOf(times)
    if (next === null) return
    yield next
  }
}

/** The parser throws when it has looked through years in vain. */
function nextOf(times: CronExpression): number | null {
  try {
    return times.next().getTime()
  } catch {
    return null
  }
}
