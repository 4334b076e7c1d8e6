import type { AskedWait } from '../http-message'
import { readRateLimitField } from './rate-limit-field'

/** A reset that lies further ahead is taken for a mistake of the API. */
const LONGEST_PAUSE_MS = 24 * 3600 * 1000

/** The wait an API asks for: `Retry-After` (RFC 9110 §10.2.3) on any failure, rate limit resets only where the limit is the cause. */
export function readAskedWait(status: number, headers: Readonly<Record<string, string>>, now: Date): AskedWait | null {
  const retryAfter = headers['retry-after']?.trim()
  if (retryAfter !== undefined && retryAfter !== '') {
    const delayMs = readRetryAfter(retryAfter, serverTime(headers, now))
    if (delayMs !== null) return { delayMs, reason: `Retry-After: ${retryAfter}` }
  }
  // APIs send their reset with every answer: after a 500 it says nothing about when to come back.
  return isLimited(status, headers) ? readLimitReset(headers, serverTime(headers, now)) : null
}

/** Milliseconds until a rate limit lets the next request pass: an answer said it was the last one, or one too many. Null: nothing says to wait. */
export function readBudgetPause(status: number, headers: Readonly<Record<string, string>>, now: Date): number | null {
  if (!isLimited(status, headers) && !hasNoneRemaining(headers)) return null
  const asked = readAskedWait(status, headers, now) ?? readLimitReset(headers, serverTime(headers, now))
  return asked === null || asked.delayMs <= 0 ? null : Math.min(asked.delayMs, LONGEST_PAUSE_MS)
}

/** `RateLimit-Reset`, `X-RateLimit-Reset` or the `RateLimit` field: seconds from now, or a point in time when too large for that. */
function readLimitReset(headers: Readonly<Record<string, string>>, now: Date): AskedWait | null {
  for (const name of ['ratelimit-reset', 'x-ratelimit-reset', 'x-rate-limit-reset']) {
    const value = headers[name]?.split(',')[0]?.trim()
    const delayMs = value === undefined ? null : readReset(value, now)
    if (delayMs !== null) return { delayMs, reason: `${name}: ${value}` }
  }
  const seconds = resetOf(readRateLimitField(headers['ratelimit'] ?? ''))
  return seconds === null ? null : { delayMs: seconds * 1000, reason: `ratelimit: ${headers['ratelimit']}` }
}

/** Of several limits those that are used up count, and the last of them to reset. */
function resetOf(limits: ReturnType<typeof readRateLimitField>): number | null {
  const resets = (isAsked: (remaining: number | null) => boolean): number[] =>
    limits.flatMap(({ remaining, resetSeconds }) => (resetSeconds !== null && isAsked(remaining) ? [resetSeconds] : []))
  const usedUp = resets((remaining) => remaining === 0)
  return usedUp.length > 0 ? Math.max(...usedUp) : (resets(() => true)[0] ?? null)
}

/** True when the headers say that no request is left. */
function hasNoneRemaining(headers: Readonly<Record<string, string>>): boolean {
  const remaining =
    headers['ratelimit-remaining'] ?? headers['x-ratelimit-remaining'] ?? headers['x-rate-limit-remaining']
  if (remaining !== undefined) return /^\s*0+\s*(?:[,;]|$)/.test(remaining)
  return readRateLimitField(headers['ratelimit'] ?? '').some((limit) => limit.remaining === 0)
}

const isLimited = (status: number, headers: Readonly<Record<string, string>>): boolean =>
  status === 429 || ((status === 403 || status === 503) && hasNoneRemaining(headers))

function readRetryAfter(value: string, now: Date): number | null {
  // A header that came twice: each of those who sent it has a reason to.
  const seconds = value.split(',').map((part) => part.trim())
  if (seconds.every((part) => /^\d+(?:\.\d+)?$/.test(part))) return Math.round(Math.max(...seconds.map(Number)) * 1000)
  const at = readHttpDate(value)
  return at === null ? null : Math.max(0, at - now.getTime())
}

function readReset(value: string, now: Date): number | null {
  if (!/^\d+(?:\.\d+)?$/.test(value)) {
    const at = readHttpDate(value)
    return at === null ? null : Math.max(0, at - now.getTime())
  }
  const number = Number(value)
  if (number > 1e12) return Math.max(0, Math.round(number - now.getTime()))
  if (number > 1e9) return Math.max(0, Math.round(number * 1000 - now.getTime()))
  return Math.round(number * 1000)
}

/** Milliseconds of an HTTP date in any of the three forms of RFC 9110 §5.6.7, or null. */
function readHttpDate(value: string): number | null {
  if (!/[a-z]{3}|\d{4}-\d{2}-\d{2}T/i.test(value)) return null
  const isAsctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ [\d:]+ \d{4}$/.test(value)
  const at = Date.parse(isAsctime ? `${value} GMT` : value)
  return Number.isNaN(at) ? null : at
}

/** A date in a header is the server's, so it is compared with the server's clock where it gives one. */
function serverTime(headers: Readonly<Record<string, string>>, now: Date): Date {
  const given = headers['date'] === undefined ? null : readHttpDate(headers['date'])
  return given === null ? now : new Date(given)
}
