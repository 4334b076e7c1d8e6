import { formatCount, formatTime } from '@/components/ui/format'
import type { Connection } from './live-execution'

/** Whether what is shown is what happens: said in words, and only what is known. */
export function ConnectionMark({ connection }: { connection: Connection }) {
  const { text, color, isMoving } = wordsFor(connection)
  return (
    <span role="status" className={`inline-flex items-center gap-1.5 text-12 whitespace-nowrap ${color}`}>
      <span aria-hidden className={`size-1.5 rounded-full bg-current ${isMoving ? 'pulse' : ''}`} />
      {text}
    </span>
  )
}

function wordsFor(connection: Connection): { text: string; color: string; isMoving: boolean } {
  switch (connection.state) {
    case 'connecting':
      return { text: 'connecting', color: 'text-ink-3', isMoving: true }
    case 'live':
      return { text: 'live', color: 'text-done', isMoving: true }
    case 'catching_up':
      return { text: `catching up ${formatCount(connection.behind)}`, color: 'text-retry', isMoving: true }
    case 'reconnecting':
      return { text: `reconnecting since ${formatTime(connection.since)}`, color: 'text-failed', isMoving: false }
    case 'ended':
      return { text: 'ended', color: 'text-ink-3', isMoving: false }
  }
}
