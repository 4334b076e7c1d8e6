import type { Tone } from './status'

const PATHS: Record<Tone, string> = {
  running: 'M3.5 2.2 L10 6 L3.5 9.8 Z',
  done: 'M2 6.4 L4.8 9.2 L10.2 3',
  retry: 'M10 6 A4 4 0 1 1 8.6 2.95 M8.9 0.8 V3.3 H6.4',
  failed: 'M2.8 2.8 L9.2 9.2 M9.2 2.8 L2.8 9.2',
  waiting: 'M6 5.9 V6.1',
  skipped: 'M3 6 H9',
  cancelled: 'M6 1.8 A4.2 4.2 0 1 1 5.99 1.8 M3.1 8.9 L8.9 3.1',
  paused: 'M4 2.5 V9.5 M8 2.5 V9.5',
}

const WIDTH: Record<Tone, number> = {
  running: 1,
  done: 1.8,
  retry: 1.5,
  failed: 1.9,
  waiting: 3,
  skipped: 1.8,
  cancelled: 1.4,
  paused: 2,
}

/** The shape of a status; it always stands beside its word or carries it as a label. */
export function StatusShape({ tone, size = 12, label }: { tone: Tone; size?: number; label?: string }) {
  const name = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return (
    <svg
      {...name}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      fill={tone === 'running' ? 'currentcolor' : 'none'}
      stroke="currentcolor"
      strokeWidth={WIDTH[tone]}
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
    >
      <path d={PATHS[tone]} />
    </svg>
  )
}
