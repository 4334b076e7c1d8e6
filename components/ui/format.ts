const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** 61204 → "61,204". */
export const formatCount = (value: number): string => WHOLE.format(value)

/** "1 page", "7 pages". */
export const countOf = (value: number, one: string, many = `${one}s`): string =>
  `${formatCount(value)} ${value === 1 ? one : many}`

/** Milliseconds as people say them: 143 ms, 1.4 s, 3 min 5 s, 2 h 4 min. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return joined(minutes, 'min', Math.floor((ms % 60_000) / 1000), 's')
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

const joined = (major: number, majorUnit: string, minor: number, minorUnit: string): string =>
  minor === 0 ? `${major} ${majorUnit}` : `${major} ${majorUnit} ${minor} ${minorUnit}`

/** A running clock: 00:14, 1:02:09. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`
  return hours === 0 ? rest : `${hours}:${rest}`
}

/** 4198 → "4.1 kB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`
}

/** How long ago, short: "now", "12 s ago", "3 min ago", "2 days ago". */
export function formatAgo(then: number, now: number): string {
  const seconds = Math.round((now - then) / 1000)
  if (seconds < 5) return 'now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${countOf(Math.floor(seconds / 86_400), 'day')} ago`
}

/** How far ahead, short: "now", "in 12 s", "in 3 min", "in 2 days". */
export function formatIn(then: number, now: number): string {
  const seconds = Math.round((then - now) / 1000)
  if (seconds < 5) return 'now'
  if (seconds < 60) return `in ${seconds} s`
  if (seconds < 3600) return `in ${Math.round(seconds / 60)} min`
  if (seconds < 86_400) return `in ${Math.round(seconds / 3600)} h`
  return `in ${countOf(Math.round(seconds / 86_400), 'day')}`
}

/** The share of a whole in per cent; 100 only when nothing is left, 0 for an empty whole. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '0 %'
  return part === whole ? '100 %' : `${Math.min(99, Math.floor((part / whole) * 100))} %`
}

/** 14:02:11 in local time. */
export const formatTime = (ms: number): string => new Date(ms).toLocaleTimeString('en-GB')

/** Both the reader's and the world's time, for a hover. */
export const formatExact = (ms: number): string =>
  `${new Date(ms).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })} here\n${new Date(ms).toISOString()} UTC`
